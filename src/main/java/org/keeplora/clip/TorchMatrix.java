package org.keeplora.clip;

import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Place;

/** The only bridge between tensors and matrices: in a view both see the same memory, nothing is copied. */
public final class TorchMatrix {
    private TorchMatrix() {}

    /**
     * A contiguous float32 or float64 tensor [rows x cols] on the host as a matrix; the tensor must outlive it.
     *
     * @throws IllegalArgumentException for any other tensor
     */
    public static Matrix view(Tensor tensor) {
        boolean contiguous = tensor.dim() == 2 && tensor.is_contiguous() && tensor.is_cpu();
        int rows = contiguous ? Math.toIntExact(tensor.size(0)) : 0;
        int cols = contiguous ? Math.toIntExact(tensor.size(1)) : 0;
        long elements = (long) rows * cols;
        if (contiguous && tensor.scalar_type().intern() == ScalarType.Float) {
            return Matrix.wrap(rows, cols, new FloatPointer(tensor.data_ptr_float()).capacity(elements));
        }
        if (contiguous && tensor.scalar_type().intern() == ScalarType.Double) {
            return Matrix.wrap(rows, cols, new DoublePointer(tensor.data_ptr_double()).capacity(elements));
        }
        throw new IllegalArgumentException("TorchMatrix.view: tensor of " + tensor.dim() + " dimensions and type "
                + tensor.scalar_type() + "; it must be a contiguous float32 or float64 [rows x cols] on the host");
    }

    /** A tensor [rows x cols] on the host with memory of its own, from a matrix wherever it lies. */
    public static Tensor copyOf(Matrix matrix) {
        try (Matrix host = matrix.toHost();
                Tensor shared = view(host)) {
            return shared.clone();
        }
    }

    /** A host matrix as a tensor [rows x cols]; the matrix must outlive it. */
    public static Tensor view(Matrix matrix) {
        if (matrix.place() != Place.HOST) {
            throw new IllegalArgumentException("TorchMatrix.view: matrix " + matrix
                    + " lies on the device; TorchMatrix.copyOf brings it to the host");
        }
        boolean single = matrix.type() == ElementType.F32;
        try (TensorOptions options = new TensorOptions(single ? ScalarType.Float : ScalarType.Double)) {
            return torch.from_blob(
                    single ? matrix.floats() : matrix.doubles(), new long[] {matrix.rows(), matrix.cols()}, options);
        }
    }
}
