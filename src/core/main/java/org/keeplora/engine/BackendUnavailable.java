package org.keeplora.engine;

import java.util.List;

/** A requested backend is not available; the message lists every reason. */
public final class BackendUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BackendUnavailable(String backend, List<String> reasons) {
        super("backend " + backend + " is not available: " + String.join("; ", reasons) + "; choose cpu or auto");
    }
}
