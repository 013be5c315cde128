package org.keeplora.djl;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Place;
import org.keeplora.learner.Values;

/** The bridge between DJL's arrays and matrices on the host. Both use the same memory; nothing is copied. */
public final class DjlMatrix {
    private DjlMatrix() {}

    /**
     * A float32 array [rows x cols] as a matrix. The array must outlive it; the caller closes it. If the array is not
     * contiguous, as after {@code transpose()}, or not on the CPU, DJL copies it first. Writes to the matrix then do
     * not reach the array.
     *
     * @throws IllegalArgumentException for an array of another type or number of dimensions
     */
    public static Matrix view(NDArray array) {
        Shape shape = array.getShape();
        if (shape.dimension() != 2 || array.getDataType() != DataType.FLOAT32) {
            throw new IllegalArgumentException("DjlMatrix.view: array of shape " + shape + " and type "
                    + array.getDataType() + "; it must be [rows x cols] of float32");
        }
        int rows = Math.toIntExact(shape.get(0));
        int cols = Math.toIntExact(shape.get(1));
        return Matrix.wrap(rows, cols, array.toByteBuffer(true).asFloatBuffer());
    }

    /**
     * A float32 array of any shape as values in the order of its elements. It must outlive them; one on a GPU is copied
     * to the host, into {@code scratch}.
     */
    static Values values(NDArray array, NDManager scratch) {
        NDArray host = array.toDevice(Device.cpu(), false);
        if (host != array) {
            host.attach(scratch);
        }
        return Values.of(host.toByteBuffer(true).asFloatBuffer());
    }

    /**
     * A float32 matrix on the host as an array [rows x cols] of {@code manager}; the matrix must outlive it.
     *
     * @throws IllegalArgumentException for a matrix of another type or on a GPU
     */
    public static NDArray view(Matrix matrix, NDManager manager) {
        if (matrix.type() != ElementType.F32 || matrix.place() != Place.HOST) {
            throw new IllegalArgumentException("DjlMatrix.view: matrix " + matrix
                    + "; it must be float32 and on the host, where toHost() brings it");
        }
        return manager.create(
                matrix.floats().asByteBuffer(), new Shape(matrix.rows(), matrix.cols()), DataType.FLOAT32);
    }
}
