package org.keeplora.clip;

import ai.djl.huggingface.tokenizers.jni.LibUtils;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.keeplora.engine.internal.NativeCache;
import org.keeplora.store.UserError;

/**
 * Loads the native library of Hugging Face's tokenizers and sets DJL's options, including the folder to unpack it to.
 */
final class TokenizerLibrary {
    /** DJL uses the first of these that is set, as an environment variable or else as a property. */
    private static final List<String> FOLDERS = List.of("ENGINE_CACHE_DIR", "DJL_CACHE_DIR");

    private static final Path IN_HOME = Path.of(".djl.ai");
    private static final String PLACE = "a folder with 50 MB free from which programs may run";
    private static final String JNA_FOLDER = "jna.tmpdir";
    private static final String LOGGING = "slf4j.internal.verbosity";

    private TokenizerLibrary() {}

    /**
     * Loads the library; must be called before any other call of DJL.
     *
     * @throws UserError in one line, when there is no place to unpack the library, or it cannot be loaded
     */
    static synchronized void load() {
        System.setProperty("ai.djl.offline", "true");
        System.setProperty("OPT_OUT_TRACKING", "true");
        if (System.getProperty(LOGGING) == null) {
            System.setProperty(LOGGING, "ERROR"); // the logger that DJL uses when no logger is bound, as here
        }
        Path folder = folder();
        if (System.getProperty(JNA_FOLDER) == null) {
            System.setProperty(JNA_FOLDER, folder.toString()); // DJL uses JNA to look for a GPU
        }
        try {
            LibUtils.checkStatus();
        } catch (RuntimeException | LinkageError e) {
            Throwable reason = e;
            while (reason.getCause() != null) {
                reason = reason.getCause();
            }
            throw new UserError("the tokenizer's native library cannot be loaded: " + reason.getMessage(), e);
        }
    }

    private static Optional<String> setting(String name) {
        return Stream.of(Optional.ofNullable(System.getenv(name)), Optional.ofNullable(System.getProperty(name)))
                .flatMap(Optional::stream)
                .filter(value -> !value.isEmpty())
                .findFirst();
    }

    /** The configured folder; else a suitable folder, which is then configured. */
    private static Path folder() {
        for (String name : FOLDERS) {
            Optional<String> given = setting(name);
            if (given.isPresent()) {
                Path folder = Path.of(given.get()).toAbsolutePath();
                NativeCache.obstacle(folder).ifPresent(reason -> {
                    throw new UserError(name + " is " + folder + ", which " + reason + "; name " + PLACE);
                });
                return folder;
            }
        }
        Path folder = NativeCache.folder(IN_HOME, "set DJL_CACHE_DIR to " + PLACE);
        System.setProperty(FOLDERS.get(0), folder.toString());
        return folder;
    }
}
