package org.keeplora.compare;

import dev.ludovic.netlib.blas.BLAS;
import dev.ludovic.netlib.lapack.LAPACK;
import java.util.Map;
import java.util.function.Supplier;
import org.netlib.util.intW;

/** dev.ludovic.netlib on Java arrays. Its matrices are column-major, so each is given as its transpose. */
final class NetlibSide implements Side {
    private final BLAS blas = BLAS.getInstance();
    private final LAPACK lapack = LAPACK.getInstance();

    @Override
    public String facts() {
        return "netlib " + blas.getClass().getSimpleName() + ", " + lapack.getClass().getSimpleName();
    }

    @Override
    public Map<String, Supplier<Operation>> operations(Inputs in) {
        return Map.of(
                "multiply", () -> multiply(in),
                "projectOut", () -> projectOut(in),
                "moment", () -> moment(in),
                "growth0", () -> growth(in));
    }

    private record Simple(Runnable computation, int rows, int cols, float[] target) implements Operation {
        @Override
        public void run() {
            computation.run();
        }

        @Override
        public double[] result() {
            return Operation.numbers(rows, cols, i -> target[i]);
        }
    }

    private void coefficients(Inputs in, float[] m, float[] g, float[] target) {
        blas.sgemm("N", "T", in.out(), in.rank(), in.in(), 1, g, in.out(), m, in.rank(), 0, target, in.out());
    }

    private Operation multiply(Inputs in) {
        float[] m = in.floats("M");
        float[] g = in.floats("G");
        float[] target = new float[in.rank() * in.out()];
        return new Simple(() -> coefficients(in, m, g, target), in.rank(), in.out(), target);
    }

    private Operation projectOut(Inputs in) {
        float[] m = in.floats("M");
        float[] g = in.floats("G");
        float[] target = new float[in.rank() * in.out()];
        Runnable projection = () -> {
            coefficients(in, m, g, target);
            blas.sgemm("N", "N", in.out(), in.in(), in.rank(), -1, target, in.out(), m, in.rank(), 1, g, in.out());
        };
        return new Simple(projection, in.in(), in.out(), g);
    }

    private Operation moment(Inputs in) {
        float[] samples = in.floats("X");
        int n = in.in();
        double[] gram = new double[n * n];
        return new Operation() {
            @Override
            public void run() {
                blas.dsyrk("U", "N", n, in.samples(), 1, Inputs.widened(samples), n, 1, gram, n);
                for (int col = 0; col < n; col++) {
                    for (int row = 0; row < col; row++) {
                        gram[row * n + col] = gram[col * n + row];
                    }
                }
            }

            @Override
            public double[] result() {
                return Operation.numbers(n, n, i -> gram[i]);
            }
        };
    }

    private Operation growth(Inputs in) {
        double[] moment = in.doubles("C");
        int n = in.in();
        double[] values = new double[n];
        double[] work = new double[1 + 6 * n + 2 * n * n];
        int[] integers = new int[3 + 5 * n];
        return new EigenGrowth(in, values) {
            private double[] vectors;

            @Override
            public void run() {
                vectors = moment.clone();
                intW info = new intW(0);
                lapack.dsyevd("V", "L", n, vectors, n, values, work, work.length, integers, integers.length, info);
                if (info.val != 0) {
                    throw new IllegalStateException("compare: dsyevd returned " + info.val);
                }
            }

            @Override
            double component(int column, int row) {
                return vectors[column * n + row];
            }
        };
    }
}
