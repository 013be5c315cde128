package org.keeplora.engine;

import static org.bytedeco.cuda.global.cudart.cudaFreeAsync;
import static org.bytedeco.cuda.global.cudart.cudaFreeHost;
import static org.bytedeco.cuda.global.cudart.cudaMallocAsync;
import static org.bytedeco.cuda.global.cudart.cudaMallocHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaStreamCreateWithFlags;
import static org.bytedeco.cuda.global.cudart.cudaStreamDestroy;
import static org.bytedeco.cuda.global.cudart.cudaStreamNonBlocking;
import static org.bytedeco.cuda.global.cudart.cudaStreamSynchronize;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalLong;
import java.util.function.Function;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.GramUpdate;

/**
 * Memory that two streams use: those of two backends, or a backend's and the one of another library such as libtorch.
 */
@Tag("native")
final class CudaStreamsTest {
    private static final float[] VALUES = {3, 4};
    private static final float[] DOUBLED = {6, 8};

    private final CUstream_st stream = new CUstream_st();
    private final FloatPointer device = new FloatPointer();
    private final FloatPointer window = new FloatPointer();
    private BatchLinalg linalg;

    /** Another library: it computes on a stream of its own, and waits for that only. */
    @BeforeEach
    void openAnotherLibrary() {
        linalg = CudaDevice.open();
        assertEquals(0, cudaStreamCreateWithFlags(stream, cudaStreamNonBlocking));
        assertEquals(0, cudaMallocHost(window, bytes()));
        assertEquals(0, cudaMallocAsync(device, bytes(), stream));
        device.capacity(VALUES.length);
        window.capacity(VALUES.length).put(VALUES);
        enqueueCopy(device, window, cudaMemcpyHostToDevice);
    }

    private static long bytes() {
        return (long) VALUES.length * Float.BYTES;
    }

    private void enqueueCopy(Pointer target, Pointer source, int direction) {
        assertEquals(0, cudaMemcpyAsync(target, source, bytes(), direction, stream));
    }

    /** What the other library sees if it waits for its own stream only. */
    private float[] seen() {
        enqueueCopy(window, device, cudaMemcpyDeviceToHost);
        assertEquals(0, cudaStreamSynchronize(stream));
        float[] values = new float[VALUES.length];
        window.get(values);
        return values;
    }

    @AfterEach
    void closeBoth() {
        if (linalg != null) { // null if the test was skipped
            linalg.close();
            assertEquals(0, cudaFreeAsync(device, stream));
            assertEquals(0, cudaStreamSynchronize(stream));
            assertEquals(0, cudaStreamDestroy(stream));
            assertEquals(0, cudaFreeHost(window));
        }
        if (System.getenv("KEEPLORA_EMULATED_CUDA") != null) {
            EmulatedCuda emulated = EmulatedCuda.open();
            assertEquals(0, emulated.violations(), emulated::lastViolation);
        }
    }

    /** Doubles the other library's numbers in their place. */
    private void doubleInPlace(Function<Linalg, Matrix> wrapping) {
        try (Matrix shared = wrapping.apply(linalg);
                Matrix same = linalg.copyOf(shared)) {
            linalg.add(List.of(new Addition(shared, 1, same)));
        }
        assertArrayEquals(DOUBLED, seen());
    }

    @Test
    void aWrappedTensorIsOrderedWithItsStream() {
        doubleInPlace(open -> open.wrap(1, 2, ElementType.F32, device, stream.address()));
    }

    @Test
    void withoutAStreamEveryStreamIsWaitedFor() {
        doubleInPlace(open -> open.wrap(1, 2, device));
    }

    @Test
    void onOneStreamNothingIsOrdered() {
        try (BatchLinalg beside = BatchLinalg.open(BackendChoice.CUDA, 1, stream.address())) {
            assertEquals(OptionalLong.of(stream.address()), beside.stream());
            EmulatedCuda emulated = EmulatedCuda.open();
            EmulatedCuda.Cost cost = emulated.costOf(() ->
                    beside.wrap(1, 2, ElementType.F32, device, stream.address()).close());
            assertEquals(new EmulatedCuda.Cost(0, 0, 0), cost);
        }
    }

    /** The order costs two calls to begin and two to end, and no wait of the host. */
    @Test
    void orderingWaitsForNothing() {
        EmulatedCuda emulated = EmulatedCuda.open();
        EmulatedCuda.Cost cost = emulated.costOf(() ->
                linalg.wrap(1, 2, ElementType.F32, device, stream.address()).close());
        assertEquals(new EmulatedCuda.Cost(4, 0, 0), cost);
    }

    @Test
    void whatIsWrappedIsChecked() {
        assertEquals(
                "wrap: elements of 4 bytes were given as F64",
                assertThrows(ShapeMismatch.class, () -> linalg.wrap(1, 1, ElementType.F64, device, stream.address()))
                        .getMessage());
        try (BatchLinalg host = BatchLinalg.open(BackendChoice.CPU, 1)) {
            assertEquals(OptionalLong.empty(), host.stream());
            assertEquals(
                    "wrap: cpu computes on the host, which has no streams",
                    assertThrows(
                                    IllegalArgumentException.class,
                                    () -> host.wrap(1, 2, ElementType.F32, device, stream.address()))
                            .getMessage());
        }
    }

    /**
     * As at the end of a part of a run: a sum is copied by another library at once, its memory goes back to the pool,
     * and is overwritten by the next part before anything was waited for.
     */
    @Test
    void aCopyForAnotherStreamIsRightThoughTheMemoryIsReused() {
        try (BatchLinalg pooled = CudaDevice.openKeepingMemory();
                Matrix rows = pooled.adopt(Matrix.copyOf(1, 2, VALUES))) {
            Matrix sum = pooled.zeros(2, 2, ElementType.F64);
            pooled.accumulateGram(List.of(new GramUpdate(sum, rows)));
            pooled.mirror(List.of(sum));
            try (Matrix copy = linalg.copyOf(sum)) {
                sum.close();
                try (Matrix next = pooled.zeros(2, 2, ElementType.F64)) {
                    assertArrayEquals(new double[4], next.toDoubles());
                }
                assertArrayEquals(new double[] {9, 12, 12, 16}, copy.toDoubles());
            }
        }
    }

    @Test
    void aMatrixOfAnotherStreamIsCopiedOrRefused() {
        try (BatchLinalg other = CudaDevice.open();
                Matrix foreign = other.adopt(Matrix.copyOf(1, 2, VALUES))) {
            String message = assertThrows(IllegalArgumentException.class, () -> linalg.norms(List.of(foreign)))
                    .getMessage();
            assertTrue(message.contains("belongs to another stream of the device; Linalg.copyOf"), message);
            Matrix given = other.copyOf(foreign);
            try (Matrix adopted = linalg.adopt(given)) {
                assertNotSame(given, adopted);
                assertEquals(linalg.stream(), adopted.stream());
                assertArrayEquals(VALUES, adopted.toFloats());
            }
        }
    }
}
