package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.NonFiniteInput;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.Switches.RankRule;
import org.keeplora.method.Switches.WeightBasis;
import org.keeplora.method.internal.UnsquareWeight;
import org.keeplora.method.internal.WeightSubspace;
import org.keeplora.store.UserError;
import org.keeplora.torch.DeviceUnavailable;
import org.keeplora.torch.TorchDevice;

/** Errors of the JVM in the form that a user sees. */
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
                        "a library is missing, of another version, or cannot start; rebuild with mvn package, or try 'keeplora doctor'",
                        2),
                of(new NoClassDefFoundError("org/bytedeco/pytorch/Tensor")));
    }

    @Test
    void userErrorsAndProgramErrorsDiffer() {
        assertEquals(new Failure("bad key", 2), of(new UserError("bad key")));
        assertEquals(new Failure("bad key", 2), of(new ConfigProblem("bad key")));
        assertEquals(new Failure("disk full", 2), of(new IOException("disk full")));
        assertEquals(
                new Failure("java.lang.IllegalArgumentException: bad key", 1),
                of(new IllegalArgumentException("bad key")));
        assertEquals(new Failure("java.lang.NullPointerException", 1), of(new NullPointerException()));
        assertEquals(
                new Failure("java.lang.IllegalStateException: no state", 1), of(new IllegalStateException("no state")));
        assertEquals(new Failure("java.lang.StackOverflowError: stack", 1), of(new StackOverflowError("stack")));
    }

    @Test
    void refusalsOfCoreAndTorchAreForTheUserToMend() {
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1);
                Matrix wide = linalg.zeros(1, 2, ElementType.F32);
                Matrix nan = linalg.zeros(1, 1, ElementType.F32)) {
            nan.set(0, 0, Double.NaN);
            assertMendable(NonFiniteInput.class, () -> linalg.svd(List.of(nan)));
            assertMendable(
                    UnsquareWeight.class,
                    () -> WeightSubspace.of(linalg, List.of(wide), WeightBasis.OUTPUT, RankRule.REACHING, 0.9));
        }
        if (TorchDevice.CUDA.obstacle().isPresent()) {
            assertMendable(DeviceUnavailable.class, TorchDevice.CUDA::require);
        }
    }

    private static void assertMendable(Class<? extends RuntimeException> type, Executable refused) {
        Throwable thrown = assertThrows(type, refused);
        assertEquals(new Failure(thrown.getMessage(), 2), of(thrown));
    }

    @Test
    void aNameThatNoFileCanHaveIsQuoted() {
        assertEquals(
                Optional.of(new Failure("'a\0b' cannot be the name of a file: Nul character not allowed", 2)),
                Failure.of(
                        assertThrows(java.nio.file.InvalidPathException.class, () -> java.nio.file.Path.of("a\0b"))));
    }
}
