package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.keeplora.engine.internal.BatchLinalg;

/**
 * Lets every step of an operation fail in turn: every allocation on the host, and every call of a kernel. On a device
 * every seventh fails.
 */
public final class InjectedFailures {
    /** The emulated device is slow, and most steps are those of the host. */
    private static final int EVERY_ON_A_DEVICE = 7;

    private static final Set<String> NEVER_FAIL = Set.of("name", "threads", "place", "stream");

    private final AtomicLong steps = new AtomicLong();
    private volatile long failing;
    private volatile OutOfMemoryError failure;

    private InjectedFailures() {}

    private void step() {
        if (steps.incrementAndGet() == failing) {
            failure = new OutOfMemoryError("injected at step " + failing);
            throw failure;
        }
    }

    /**
     * Runs {@code operation} with every failure in turn. Each must arrive as it is, leave no matrix open and leave the
     * operands readable.
     *
     * @param linalg whose backend computes, and which stays open
     */
    public static void everywhere(BatchLinalg linalg, List<Matrix> operands, Consumer<BatchLinalg> operation) {
        ofAllocations(linalg, operands, operation);
        ((CheckedLinalg) linalg).kernels.use("everywhere", open -> {
            ofKernels(open, operands, operation);
            return null;
        });
    }

    /** Lets every allocation of host memory fail. */
    private static void ofAllocations(BatchLinalg linalg, List<Matrix> operands, Consumer<BatchLinalg> operation) {
        InjectedFailures injected = new InjectedFailures();
        HostStorage.beforeAllocation(bytes -> injected.step());
        try {
            injected.inTurn(linalg, operands, () -> operation.accept(linalg));
        } finally {
            HostStorage.beforeAllocation(bytes -> {});
        }
    }

    /** Lets every call of a kernel fail. */
    private static void ofKernels(LinalgKernels kernels, List<Matrix> operands, Consumer<BatchLinalg> operation) {
        InjectedFailures injected = new InjectedFailures();
        Object proxy = Proxy.newProxyInstance(
                LinalgKernels.class.getClassLoader(),
                new Class<?>[] {LinalgKernels.class},
                (self, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        return null;
                    }
                    if (!NEVER_FAIL.contains(method.getName())) {
                        injected.step();
                    }
                    return call(kernels, method, arguments);
                });
        try (BatchLinalg linalg = new CheckedLinalg((LinalgKernels) proxy)) {
            injected.inTurn(linalg, operands, () -> operation.accept(linalg));
        }
    }

    private static Object call(LinalgKernels kernels, Method method, Object... arguments) throws Throwable {
        try {
            return method.invoke(kernels, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /** Runs {@code operation} with failures at step 1, 2 and so on, until it succeeds. */
    private void inTurn(BatchLinalg linalg, List<Matrix> operands, Runnable operation) {
        int next = linalg.place() == Place.HOST ? 1 : EVERY_ON_A_DEVICE;
        long open = Matrix.open();
        long step = 0;
        do {
            step += next;
            steps.set(0);
            failing = step;
            failure = null;
            try {
                operation.run();
            } catch (OutOfMemoryError e) {
                assertSame(failure, e, "it arrives as it is");
            }
            failing = 0;
            assertEquals(open, Matrix.open(), "matrices open after a failure at step " + step);
            operands.forEach(Matrix::toFloats);
        } while (failure != null);
    }
}
