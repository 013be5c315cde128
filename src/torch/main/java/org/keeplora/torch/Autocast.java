package org.keeplora.torch;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * While open, libtorch's autocast computes this thread's matrix products in a narrower type. Closed on the thread that
 * opened it, before the backward pass.
 */
public final class Autocast implements AutoCloseable {
    private final DeviceType type;
    private final boolean enabledBefore;
    private final ScalarType typeBefore;
    private final boolean cacheBefore;

    private Autocast(Precision precision, TorchDevice device) {
        type = device.type();
        enabledBefore = torch.is_autocast_enabled(type);
        typeBefore = torch.get_autocast_dtype(type);
        cacheBefore = torch.is_autocast_cache_enabled();
        boolean narrower = precision != Precision.FLOAT32;
        if (narrower) {
            torch.set_autocast_dtype(type, precision.type());
        }
        torch.set_autocast_enabled(type, narrower);
        torch.set_autocast_cache_enabled(false); // a cached conversion would be outdated after a step
    }

    /** Opens the context for what is computed on {@code device}; {@link Precision#FLOAT32} switches conversion off. */
    public static Autocast open(Precision precision, TorchDevice device) {
        return new Autocast(precision, device);
    }

    @Override
    public void close() {
        torch.set_autocast_cache_enabled(cacheBefore);
        torch.set_autocast_dtype(type, typeBefore);
        torch.set_autocast_enabled(type, enabledBefore);
    }
}
