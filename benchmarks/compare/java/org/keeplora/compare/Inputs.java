package org.keeplora.compare;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The matrices of one shape, row-major, as numpy_side.py wrote them: M.f32 [in x k], G.f32 [in x out], X.f32
 * [n x in], and for growth C.f64 [in x in].
 *
 * @param rank k, columns of M
 * @param leading r of the start
 * @param samples n
 */
record Inputs(Path folder, int in, int out, int rank, int leading, int samples) {
    /** Share of the energy that growth covers. */
    static final double SHARE = 0.95;

    /** Reads the sizes. */
    static Inputs of(Path folder) throws IOException {
        List<Integer> sizes = Files.readString(folder.resolve("sizes.txt"))
                .lines()
                .flatMap(line -> List.of(line.split(" ")).stream())
                .map(Integer::valueOf)
                .toList();
        return new Inputs(folder, sizes.get(0), sizes.get(1), sizes.get(2), sizes.get(3), sizes.get(4));
    }

    float[] floats(String name) {
        ByteBuffer bytes = map(name + ".f32");
        float[] values = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(values);
        return values;
    }

    double[] doubles(String name) {
        ByteBuffer bytes = map(name + ".f64");
        double[] values = new double[bytes.remaining() / Double.BYTES];
        bytes.asDoubleBuffer().get(values);
        return values;
    }

    private ByteBuffer map(String name) {
        try (FileChannel file = FileChannel.open(folder.resolve(name))) {
            return file.map(FileChannel.MapMode.READ_ONLY, 0, file.size()).order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw new IllegalStateException("compare: " + folder.resolve(name) + " cannot be read", e);
        }
    }

    static double[] widened(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    /** u_i = sin(i + 1), the vector that compares subspaces. */
    float[] probe() {
        float[] probe = new float[in];
        for (int i = 0; i < in; i++) {
            probe[i] = (float) Math.sin(i + 1);
        }
        return probe;
    }
}
