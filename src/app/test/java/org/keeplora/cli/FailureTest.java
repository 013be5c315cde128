package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

/** Errors of the JVM as a user reads them. */
final class FailureTest {
    private static Failure of(Throwable thrown) {
        return Failure.of(thrown).orElseThrow();
    }

    @Test
    void memoryIsNamedWhereverItRanOut() {
        Failure expected = new Failure(
                "there is not enough memory (Java heap space); try a smaller train.batch_size, or give more by JAVA_OPTS=-Xmx8g",
                2);
        assertEquals(expected, of(new OutOfMemoryError("Java heap space")));
        assertEquals(expected, of(new CompletionException(new OutOfMemoryError("Java heap space"))));
    }

    @Test
    void theInnermostReasonOfALibraryThatCannotBeLoadedCounts() {
        UnsatisfiedLinkError inner = new UnsatisfiedLinkError("/c/libjnitorch.so: wrong ELF class");
        UnsatisfiedLinkError outer = new UnsatisfiedLinkError("no jnitorch in java.library.path: /lib");
        outer.initCause(inner);
        assertEquals(
                new Failure(
                        "a native library cannot be loaded: /c/libjnitorch.so: wrong ELF class; see 'keeplora doctor'",
                        2),
                of(new ExceptionInInitializerError(outer)));
    }

    @Test
    void aMissingClassIsNoClassNameForTheUser() {
        assertEquals(
                new Failure(
                        "a library is missing, of another version, or cannot start; build anew with mvn package, or try 'keeplora doctor'",
                        2),
                of(new NoClassDefFoundError("org/bytedeco/pytorch/Tensor")));
    }

    @Test
    void mistakesInTheInputAndInTheProgramDiffer() {
        assertEquals(new Failure("bad key", 2), of(new IllegalArgumentException("bad key")));
        assertEquals(new Failure("no state", 1), of(new IllegalStateException("no state")));
        assertEquals(new Failure("stack", 1), of(new StackOverflowError("stack")));
    }

    @Test
    void aNameThatNoFileCanHaveIsQuoted() {
        assertEquals(
                Optional.of(new Failure("'a\0b' cannot be the name of a file: Nul character not allowed", 2)),
                Failure.of(org.junit.jupiter.api.Assertions.assertThrows(
                        java.nio.file.InvalidPathException.class, () -> java.nio.file.Path.of("a\0b"))));
    }
}
