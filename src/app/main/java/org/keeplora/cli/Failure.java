package org.keeplora.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.InvalidPathException;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.keeplora.distributed.LostProcess;
import org.keeplora.engine.BackendUnavailable;
import org.keeplora.engine.NativeLibraryProblem;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.method.internal.UnsquareWeight;
import org.keeplora.store.NameEncoding;
import org.keeplora.store.UserError;
import org.keeplora.torch.DeviceUnavailable;
import org.keeplora.train.Checkpoints;

/**
 * The message for the user about an exception.
 *
 * @param line one line: what happened, and what to do
 * @param exit code of the process
 */
record Failure(String line, int exit) {
    /** Exceptions that the user can fix. All others are errors of the program, {@link IllegalArgumentException} too. */
    private static final List<Class<? extends Exception>> USER_FIXABLE = List.of(
            UserError.class,
            BackendUnavailable.class,
            DeviceUnavailable.class,
            NativeLibraryProblem.class,
            NonFiniteInput.class,
            UnsquareWeight.class,
            IOException.class,
            UncheckedIOException.class);

    /**
     * The failure to report when {@code thrown} has ended a command. Empty for a run stopped by a signal, because that
     * was reported already.
     */
    static Optional<Failure> of(Throwable thrown) {
        if (thrown instanceof Checkpoints.Stopped) {
            return Optional.empty();
        }
        if (thrown instanceof LostProcess) {
            return Optional.of(new Failure(thrown.getMessage(), Main.LOST_PROCESS));
        }
        Optional<Failure> surroundings = causes(thrown)
                .map(Failure::ofSurroundings)
                .flatMap(Optional::stream)
                .reduce((outer, inner) -> inner);
        return surroundings.or(() -> Optional.of(ofProgramOrInput(thrown)));
    }

    private static Stream<Throwable> causes(Throwable thrown) {
        return Stream.iterate(thrown, Objects::nonNull, Throwable::getCause);
    }

    private static Failure ofProgramOrInput(Throwable thrown) {
        return USER_FIXABLE.stream().anyMatch(type -> type.isInstance(thrown))
                ? new Failure(thrown.getMessage(), Main.USER_ERROR)
                : new Failure(thrown.toString(), Main.PROGRAM_ERROR);
    }

    /**
     * The failure if {@code cause} comes from the machine, the class path or the JVM's settings. The innermost cause is
     * the most precise.
     */
    private static Optional<Failure> ofSurroundings(Throwable cause) {
        if (cause instanceof InvalidPathException path) {
            return Optional.of(ofName(path));
        }
        if (cause instanceof OutOfMemoryError) {
            return user("there is not enough memory (" + cause.getMessage()
                    + "); try a smaller train.batch_size, or give more by JAVA_OPTS=-Xmx8g");
        }
        if (cause instanceof UnsatisfiedLinkError) {
            return user("a native library cannot be loaded: " + cause.getMessage() + "; see 'keeplora doctor'");
        }
        return cause instanceof LinkageError
                ? user("a library is missing, of another version, or cannot start; rebuild with mvn package, or try"
                        + " 'keeplora doctor'")
                : Optional.empty();
    }

    private static Failure ofName(InvalidPathException path) {
        String name = path.getInput();
        String own = "'" + name + "' cannot be the name of a file: " + path.getReason();
        return new Failure(NameEncoding.problem(name).orElse(own), Main.USER_ERROR);
    }

    private static Optional<Failure> user(String line) {
        return Optional.of(new Failure(line, Main.USER_ERROR));
    }
}
