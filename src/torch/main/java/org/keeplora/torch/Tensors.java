package org.keeplora.torch;

import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/** Short forms for constructions that are long in libtorch's Java interface. */
public final class Tensors {
    private Tensors() {}

    /** Keeps {@code tensor} alive beyond the surrounding PointerScope, until it is closed. */
    public static Tensor keep(Tensor tensor) {
        tensor.retainReference();
        return tensor;
    }

    /** An uninitialised tensor of the given type. */
    public static Tensor empty(ScalarType type, long... shape) {
        try (TensorOptions options = new TensorOptions(type)) {
            return torch.empty(shape, options, null);
        }
    }

    /** int64 [values]. */
    public static Tensor ofLongs(long... values) {
        Tensor tensor = empty(ScalarType.Long, values.length);
        if (values.length > 0) {
            tensor.data_ptr_long().put(values);
        }
        return tensor;
    }

    /** float64 [values]. */
    public static Tensor ofDoubles(double... values) {
        Tensor tensor = empty(ScalarType.Double, values.length);
        if (values.length > 0) {
            tensor.data_ptr_double().put(values);
        }
        return tensor;
    }

    /** int64 [values]. */
    public static Tensor ofInts(int... values) {
        return ofLongs(java.util.Arrays.stream(values).asLongStream().toArray());
    }

    /** Float32 of the given shape, row-major. */
    public static Tensor ofFloats(float[] values, long... shape) {
        Tensor tensor = empty(ScalarType.Float, shape);
        if (values.length > 0) {
            tensor.data_ptr_float().put(values);
        }
        return tensor;
    }

    /** Sizes, outermost first. */
    public static long[] shape(Tensor tensor) {
        long[] shape = new long[(int) tensor.dim()];
        for (int d = 0; d < shape.length; d++) {
            shape[d] = tensor.size(d);
        }
        return shape;
    }

    /** {@code tensor} on the device of {@code other}: itself, or a copy in the caller's scope. */
    public static Tensor beside(Tensor other, Tensor tensor) {
        return (other.is_cuda() ? TorchDevice.CUDA : TorchDevice.CPU).move(tensor);
    }

    /** A copy of a float32 tensor's values, row-major, from any device. */
    public static float[] floats(Tensor tensor) {
        Tensor contiguous = tensor.detach().cpu().contiguous();
        float[] values = new float[Math.toIntExact(contiguous.numel())];
        if (values.length > 0) {
            contiguous.data_ptr_float().get(values);
        }
        return values;
    }

    /** The values of a float64 tensor, row-major, on the host. */
    public static double[] doubles(Tensor tensor) {
        Tensor contiguous = tensor.detach().cpu().contiguous();
        double[] values = new double[Math.toIntExact(contiguous.numel())];
        if (values.length > 0) {
            contiguous.data_ptr_double().get(values);
        }
        return values;
    }

    /** Euclidean length of every row of [.. x columns]: [.. x 1]. */
    public static Tensor rowNorms(Tensor tensor) {
        return tensor.norm(new ScalarOptional(new Scalar(2.0)), new long[] {-1}, true);
    }

    /** Index of the largest value of every row of [rows x columns]: int64 [rows]. */
    public static Tensor argmaxOfRows(Tensor tensor) {
        try (LongOptional lastDimension = new LongOptional(1)) {
            return tensor.argmax(lastDimension, false);
        }
    }
}
