package org.keeplora.engine;

import static org.bytedeco.cuda.global.cudart.cudaFreeAsync;
import static org.bytedeco.cuda.global.cudart.cudaFreeHost;
import static org.bytedeco.cuda.global.cudart.cudaMallocAsync;
import static org.bytedeco.cuda.global.cudart.cudaMallocHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyAsync;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyDeviceToHost;
import static org.bytedeco.cuda.global.cudart.cudaMemcpyHostToDevice;
import static org.bytedeco.cuda.global.cudart.cudaMemsetAsync;
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
import java.util.function.Supplier;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;

/**
 * Memory that several streams use: those of two backends, or a backend's and those of another library such as libtorch.
 * On a GPU what is to be waited for takes milliseconds, so that what does not wait sees other numbers.
 */
@Tag("native")
final class CudaStreamsTest {
    private static final float[] VALUES = {3, 4};
    private static final int GPU_SIDE = 4096;
    private static final int GPU_FILLS = 500;

    private final CUstream_st stream = new CUstream_st();
    private final CUstream_st second = new CUstream_st();
    private final FloatPointer device = new FloatPointer();
    private final FloatPointer window = new FloatPointer();
    private BatchLinalg linalg;
    private int side;

    /** Another library: a stream of its own writes a matrix [side x side], NaN until then, that begins with VALUES. */
    @BeforeEach
    void openAnotherLibrary() {
        linalg = CudaDevice.open();
        boolean emulated = linalg.backend().contains("emulated"); // which runs no stream before it is waited for
        side = emulated ? VALUES.length : GPU_SIDE;
        for (CUstream_st made : List.of(stream, second)) {
            assertEquals(0, cudaStreamCreateWithFlags(made, cudaStreamNonBlocking));
        }
        assertEquals(0, cudaMallocHost(window, bytes()));
        assertEquals(0, cudaMallocAsync(device, bytes(), stream));
        device.capacity(elements());
        window.capacity(elements()).put(multiples(1));
        enqueueNaN();
        assertEquals(0, cudaStreamSynchronize(stream));
        for (int i = 0; i < (emulated ? 1 : GPU_FILLS); i++) {
            enqueueNaN();
        }
        enqueueCopy(device, window, cudaMemcpyHostToDevice, stream);
    }

    private int elements() {
        return side * side;
    }

    private long bytes() {
        return (long) elements() * Float.BYTES;
    }

    /** The other library's numbers times {@code factor}, which are exact. */
    private float[] multiples(int factor) {
        float[] values = new float[elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = factor * (VALUES[0] + i % 1000);
        }
        return values;
    }

    private void enqueueNaN() {
        assertEquals(0, cudaMemsetAsync(device, 0xFF, bytes(), stream));
    }

    private void enqueueCopy(Pointer target, Pointer source, int direction, CUstream_st on) {
        assertEquals(0, cudaMemcpyAsync(target, source, bytes(), direction, on));
    }

    /** What the other library sees if it reads on one stream and waits for that only. */
    private float[] seen(CUstream_st on) {
        enqueueCopy(window, device, cudaMemcpyDeviceToHost, on);
        assertEquals(0, cudaStreamSynchronize(on));
        float[] values = new float[elements()];
        window.get(values);
        return values;
    }

    @AfterEach
    void closeBoth() {
        if (linalg != null) { // null if the test was skipped
            linalg.close();
            assertEquals(0, cudaFreeAsync(device, stream));
            for (CUstream_st made : List.of(stream, second)) {
                assertEquals(0, cudaStreamSynchronize(made));
                assertEquals(0, cudaStreamDestroy(made));
            }
            assertEquals(0, cudaFreeHost(window));
        }
        if (System.getenv("KEEPLORA_EMULATED_CUDA") != null) {
            EmulatedCuda emulated = EmulatedCuda.open();
            assertEquals(0, emulated.violations(), emulated::lastViolation);
        }
    }

    private Matrix wrapped() {
        return linalg.wrap(side, side, ElementType.F32, device, stream.address());
    }

    /** Doubles the other library's numbers in their place, and adds a product that takes time and is zero. */
    private void doubleInPlace(Supplier<Matrix> wrapping) {
        try (Matrix shared = wrapping.get();
                Matrix zeros = linalg.zeros(side, side, ElementType.F32)) {
            linalg.multiply(List.of(new Product(shared, 1, Operand.of(zeros), Operand.of(zeros), 2)));
        }
    }

    @Test
    void aWrappedTensorIsOrderedWithItsStream() {
        doubleInPlace(this::wrapped);
        assertArrayEquals(multiples(2), seen(stream));
    }

    @Test
    void anotherStreamOfTheLibraryWaitsForItByAnEvent() {
        doubleInPlace(this::wrapped);
        try (CudaOrder event = new CudaOrder()) {
            event.set(stream, second);
        }
        assertArrayEquals(multiples(2), seen(second));
    }

    /** Closing has waited, so the other library may use any stream without an event. */
    @Test
    void withoutAStreamEveryStreamIsWaitedFor() {
        doubleInPlace(() -> linalg.wrap(side, side, device));
        assertArrayEquals(multiples(2), seen(second));
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
