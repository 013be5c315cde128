package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.openblas.global.openblas_full;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.BlasThreads;
import org.keeplora.engine.internal.Eigen;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.testing.ChildJvm;

final class BlasThreadsTest {
    private final int before = real();

    /** The number as OpenBLAS itself tells it. */
    static int real() {
        return openblas_full.openblas_get_num_threads();
    }

    @AfterEach
    void restore() {
        openblas_full.openblas_set_num_threads(before);
    }

    @Test
    void countIsTheRealNumberBeforeAnybodySetIt() {
        assertTrue(before >= 1, "OpenBLAS has " + before + " threads");
        assertEquals(before, BlasThreads.count());
        assertEquals(before, real(), "reading the number left another");
    }

    /** Uses the number for the first time in a scope of JavaCPP's, which frees what is made in it. */
    static final class FirstUseInAScope {
        private FirstUseInAScope() {}

        public static void main(String[] arguments) {
            try (PointerScope scope = new PointerScope()) {
                System.out.println(BlasThreads.count() >= 1);
            }
            System.out.println(BlasThreads.count() >= 1);
        }
    }

    @Test
    void theFirstUseMayBeInAPointerScope() throws IOException, InterruptedException {
        assertEquals(
                List.of("true", "true"),
                ChildJvm.run(FirstUseInAScope.class).lines().toList());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void setIsTheRealNumber(int threads) {
        BlasThreads.set(threads);
        assertEquals(threads, real());
        assertEquals(threads, BlasThreads.count());
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5})
    void operationsPutBackWhatOthersSetPastThisClass(int threads) {
        openblas_full.openblas_set_num_threads(threads);
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 2);
                Matrix one = Matrix.copyOf(1, 1, new double[] {3});
                Matrix square = Matrix.zeros(1, 1, ElementType.F64);
                Matrix wrong = Matrix.copyOf(1, 1, new double[] {Double.NaN})) {
            linalg.multiply(List.of(Product.of(square, Operand.of(one), Operand.of(one))));
            assertEquals(threads, real());
            linalg.eigh(List.of(one, square)).forEach(Eigen::close);
            assertEquals(threads, real());
            linalg.norms(List.of(one));
            assertEquals(threads, real());
            assertThrows(NonFiniteInput.class, () -> linalg.svd(List.of(one, wrong)));
            assertEquals(threads, real());
        }
    }

    @Test
    void operationsPutBackTheNumberThatNobodyEverSet() {
        try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, before + 1);
                Matrix one = Matrix.copyOf(1, 1, new double[] {3});
                Matrix square = Matrix.zeros(1, 1, ElementType.F64)) {
            linalg.multiply(List.of(Product.of(square, Operand.of(one), Operand.of(one))));
        }
        assertEquals(before, real());
    }

    @Test
    void severalOperationsRunAtOnceAndTheLastPutsTheNumberBack() throws Exception {
        openblas_full.openblas_set_num_threads(3);
        CyclicBarrier bothRun = new CyclicBarrier(2);
        CountDownLatch otherEnded = new CountDownLatch(1);
        List<Integer> numbers = new ArrayList<>();
        Thread other = new Thread(() -> {
            try (BlasThreads.Use use = BlasThreads.single()) {
                await(bothRun);
            }
            otherEnded.countDown();
        });
        other.start();
        try (BlasThreads.Use use = BlasThreads.single()) {
            await(bothRun);
            assertTrue(otherEnded.await(20, TimeUnit.SECONDS));
            numbers.add(real());
            numbers.add(BlasThreads.count());
        }
        numbers.add(real());
        assertEquals(List.of(1, 3, 3), numbers);
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await(20, TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException("the other operation never began", e);
        }
    }

    @Test
    void anOperationWithSeveralThreadsIsAlone() throws Exception {
        List<String> order = new ArrayList<>();
        Thread other = new Thread(() -> {
            try (BlasThreads.Use use = BlasThreads.alone(2)) {
                order.add("alone with " + real());
            }
        });
        try (BlasThreads.Use use = BlasThreads.single()) {
            other.start();
            while (other.getState() != Thread.State.WAITING) {
                assertNotEquals(Thread.State.TERMINATED, other.getState(), "it did not wait");
                Thread.onSpinWait();
            }
            order.add("beside others with " + real());
        }
        other.join(20_000);
        assertEquals(List.of("beside others with 1", "alone with 2"), order);
    }

    @Test
    void aNumberSetDuringAnOperationHoldsAfterIt() {
        BlasThreads.set(3);
        try (BlasThreads.Use use = BlasThreads.single()) {
            BlasThreads.set(4);
            assertEquals(1, real(), "the running operation computes with its own");
            assertEquals(4, BlasThreads.count());
        }
        assertEquals(4, real());
    }

    @Test
    void aNumberSetByOthersDuringAnOperationIsLeft() {
        BlasThreads.set(3);
        try (BlasThreads.Use use = BlasThreads.single()) {
            openblas_full.openblas_set_num_threads(5);
            try (BlasThreads.Use later = BlasThreads.single()) {
                assertEquals(1, real());
            }
        }
        assertEquals(5, real());
        try (BlasThreads.Use use = BlasThreads.single()) {
            openblas_full.openblas_set_num_threads(2);
        }
        assertEquals(2, real());
    }
}
