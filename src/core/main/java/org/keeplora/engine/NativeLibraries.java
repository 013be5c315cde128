package org.keeplora.engine;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.openblas.global.openblas;

/** The native libraries of OpenBLAS, which every backend needs on the host. */
final class NativeLibraries {
    private NativeLibraries() {}

    /** Loads them. Otherwise one line that says why, and which jars are missing. */
    static Optional<String> obstacle() {
        try {
            Loader.load(openblas.class);
            return Optional.empty();
        } catch (LinkageError e) {
            return Optional.of("the native libraries of OpenBLAS cannot be loaded: " + reason(e));
        }
    }

    private static String reason(LinkageError failure) {
        List<String> missing = new ArrayList<>();
        try {
            String platform = Loader.getPlatform();
            for (String artifact : List.of("javacpp", "openblas")) {
                String library = artifact.equals("javacpp") ? "jnijavacpp" : "jniopenblas_nolapack";
                String file = "org/bytedeco/" + artifact + "/" + platform + "/" + System.mapLibraryName(library);
                if (NativeLibraries.class.getClassLoader().getResource(file) == null) {
                    missing.add(artifact + "-" + Loader.getVersion("org.bytedeco", artifact) + "-" + platform + ".jar");
                }
            }
            if (!missing.isEmpty()) {
                return "not on the class path or module path: " + String.join(", ", missing)
                        + "; add org.bytedeco:javacpp and org.bytedeco:openblas with classifier " + platform;
            }
        } catch (java.io.IOException | LinkageError e) {
            failure.addSuppressed(e);
        }
        return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
    }
}
