package org.keeplora.torch;

import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.DeviceOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Place;

/**
 * The only bridge between tensors and matrices, on the host and on the GPU. A view uses the same memory; nothing is
 * copied.
 *
 * <p>On the GPU a matrix is seen as a tensor if its {@link Linalg} was opened on libtorch's current stream
 * ({@link TorchDevice#stream}). Otherwise its copy goes through the host. A tensor is seen as a matrix on any stream.
 */
public final class TorchMatrix {
    private static final Map<ScalarType, ElementType> TYPES = Map.of(
            ScalarType.Float, ElementType.F32,
            ScalarType.Double, ElementType.F64,
            ScalarType.Half, ElementType.F16,
            ScalarType.BFloat16, ElementType.BF16);

    private TorchMatrix() {}

    /**
     * A contiguous tensor [rows x cols] of float32, float64, float16 or bfloat16 as a matrix where {@code linalg}
     * computes. It uses the tensor's own memory if that lies there, otherwise a copy. Call it in the scope in which the
     * matrix is used; tensor and scope must outlive the matrix. On the GPU, {@code linalg} computes after what is on
     * libtorch's current stream now, and that stream goes on after it once the matrix is closed.
     *
     * @throws IllegalArgumentException for any other tensor
     */
    public static Matrix view(Tensor tensor, Linalg linalg) {
        return linalg.adopt(reachable(tensor, linalg));
    }

    /** As {@link #view(Tensor, Linalg)}, but always a copy; the caller closes it. */
    public static Matrix copyOf(Tensor tensor, Linalg linalg) {
        try (Matrix view = reachable(tensor, linalg)) {
            return linalg.copyOf(view);
        }
    }

    /** A matrix on the host or where {@code linalg} computes. */
    private static Matrix reachable(Tensor tensor, Linalg linalg) {
        if (tensor.is_cpu() || linalg.place() == Place.HOST) {
            return view(tensor.cpu());
        }
        requireMatrix(tensor);
        int rows = Math.toIntExact(tensor.size(0));
        int cols = Math.toIntExact(tensor.size(1));
        return linalg.wrap(rows, cols, type(tensor), elements(tensor), TorchDevice.stream());
    }

    /**
     * A contiguous tensor [rows x cols] of float32, float64, float16 or bfloat16 on the host as a matrix; the tensor
     * must outlive it.
     *
     * @throws IllegalArgumentException for any other tensor
     */
    public static Matrix view(Tensor tensor) {
        if (!tensor.is_cpu()) {
            throw new IllegalArgumentException(
                    "TorchMatrix.view: the tensor does not lie on the host; say which Linalg is to see it");
        }
        requireMatrix(tensor);
        int rows = Math.toIntExact(tensor.size(0));
        int cols = Math.toIntExact(tensor.size(1));
        return switch (type(tensor)) {
            case F32 -> Matrix.wrap(rows, cols, floats(tensor));
            case F64 -> Matrix.wrap(rows, cols, doubles(tensor));
            case F16, BF16 -> Matrix.wrap(rows, cols, halves(tensor), type(tensor));
        };
    }

    private static Pointer elements(Tensor tensor) {
        return switch (type(tensor)) {
            case F32 -> floats(tensor);
            case F64 -> doubles(tensor);
            case F16, BF16 -> halves(tensor);
        };
    }

    private static void requireMatrix(Tensor tensor) {
        if (tensor.dim() != 2
                || !tensor.is_contiguous()
                || !TYPES.containsKey(tensor.scalar_type().intern())) {
            throw new IllegalArgumentException("TorchMatrix.view: tensor of " + tensor.dim() + " dimensions and type "
                    + tensor.scalar_type() + "; it must be contiguous [rows x cols] of one of " + TYPES.keySet());
        }
    }

    private static ElementType type(Tensor tensor) {
        return TYPES.get(tensor.scalar_type().intern());
    }

    private static ShortPointer halves(Tensor tensor) {
        return new ShortPointer(tensor.data_ptr()).capacity(tensor.numel());
    }

    private static FloatPointer floats(Tensor tensor) {
        return new FloatPointer(tensor.data_ptr_float()).capacity(tensor.numel());
    }

    private static DoublePointer doubles(Tensor tensor) {
        return new DoublePointer(tensor.data_ptr_double()).capacity(tensor.numel());
    }

    /**
     * A copy as a tensor [rows x cols]: beside the matrix if libtorch's current stream is the matrix's, otherwise on
     * the host. The matrix may be closed at once.
     */
    public static Tensor copyOf(Matrix matrix) {
        if (isShared(matrix)) {
            try (Tensor shared = view(matrix)) {
                return shared.clone();
            }
        }
        try (Matrix host = matrix.toHost();
                Tensor shared = view(host)) {
            return shared.clone();
        }
    }

    /** Whether libtorch can use the matrix's memory as it is: on the host, or on the GPU in the same stream's order. */
    private static boolean isShared(Matrix matrix) {
        return matrix.place() == Place.HOST
                || TorchDevice.CUDA.obstacle().isEmpty() && matrix.stream().getAsLong() == TorchDevice.stream();
    }

    /**
     * A float32 or float64 matrix as a tensor [rows x cols], on the host or on the GPU; the matrix must outlive it.
     *
     * @throws IllegalArgumentException if it lies on a GPU that libtorch cannot reach, or on another stream than
     *     libtorch's current one
     */
    public static Tensor view(Matrix matrix) {
        if (!isShared(matrix)) {
            throw new IllegalArgumentException("TorchMatrix.view: matrix " + matrix
                    + " lies on the device, which this libtorch cannot reach or uses on another stream;"
                    + " TorchMatrix.copyOf brings it to the host, and a Linalg opened on TorchDevice.stream()"
                    + " shares its matrices");
        }
        boolean single = matrix.type() == ElementType.F32;
        try (TensorOptions options = new TensorOptions(single ? ScalarType.Float : ScalarType.Double)) {
            return torch.from_blob(
                    single ? matrix.floats() : matrix.doubles(),
                    new long[] {matrix.rows(), matrix.cols()},
                    matrix.place() == Place.HOST
                            ? options
                            : options.device(new DeviceOptional(new Device(DeviceType.CUDA))));
        }
    }
}
