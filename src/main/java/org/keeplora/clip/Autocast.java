package org.keeplora.clip;

import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * While open, libtorch's autocast computes this thread's matrix products in a narrower type. Closed on the thread that opened it,
 * before the backward pass.
 */
public final class Autocast implements AutoCloseable {
    private final boolean enabledBefore = torch.is_autocast_enabled(DeviceType.CPU);
    private final ScalarType typeBefore = torch.get_autocast_dtype(DeviceType.CPU);
    private final boolean cacheBefore = torch.is_autocast_cache_enabled();

    private Autocast(Precision precision) {
        boolean narrower = precision != Precision.FLOAT32;
        if (narrower) {
            torch.set_autocast_dtype(DeviceType.CPU, precision.type());
        }
        torch.set_autocast_enabled(DeviceType.CPU, narrower);
        torch.set_autocast_cache_enabled(false); // a converted weight kept between steps would be an old weight
    }

    /** Opens the context; {@link Precision#FLOAT32} switches conversion off. */
    public static Autocast open(Precision precision) {
        return new Autocast(precision);
    }

    @Override
    public void close() {
        torch.set_autocast_cache_enabled(cacheBefore);
        torch.set_autocast_dtype(DeviceType.CPU, typeBefore);
        torch.set_autocast_enabled(DeviceType.CPU, enabledBefore);
    }
}
