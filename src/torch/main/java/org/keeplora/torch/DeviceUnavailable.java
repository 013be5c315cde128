package org.keeplora.torch;

import java.util.Locale;

/** libtorch cannot use a device on this machine; the message says why. */
public final class DeviceUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DeviceUnavailable(TorchDevice device, String reason) {
        super("device " + device.name().toLowerCase(Locale.ROOT) + ": " + reason);
    }
}
