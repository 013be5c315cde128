package org.keeplora.compare;

import java.util.Map;
import java.util.function.Supplier;
import org.ejml.data.DMatrixRMaj;
import org.ejml.data.FMatrixRMaj;
import org.ejml.dense.row.CommonOps_DDRM;
import org.ejml.dense.row.CommonOps_FDRM;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.ejml.interfaces.decomposition.EigenDecomposition_F64;

/** EJML's row-major matrices, one thread. It has no randomised low rank. */
final class EjmlSide implements Side {
    @Override
    public String facts() {
        return "EJML " + org.ejml.EjmlVersion.VERSION + ", plain Java, one thread";
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

    private static FMatrixRMaj matrix(int rows, int cols, float[] values) {
        return FMatrixRMaj.wrap(rows, cols, values);
    }

    private static Operation multiply(Inputs in) {
        FMatrixRMaj m = matrix(in.in(), in.rank(), in.floats("M"));
        FMatrixRMaj g = matrix(in.in(), in.out(), in.floats("G"));
        FMatrixRMaj target = new FMatrixRMaj(in.rank(), in.out());
        return new Simple(() -> CommonOps_FDRM.multTransA(m, g, target), in.rank(), in.out(), target.data);
    }

    private static Operation projectOut(Inputs in) {
        FMatrixRMaj m = matrix(in.in(), in.rank(), in.floats("M"));
        FMatrixRMaj g = matrix(in.in(), in.out(), in.floats("G"));
        FMatrixRMaj coefficients = new FMatrixRMaj(in.rank(), in.out());
        Runnable projection = () -> {
            CommonOps_FDRM.multTransA(m, g, coefficients);
            CommonOps_FDRM.multAdd(-1, m, coefficients, g);
        };
        return new Simple(projection, in.in(), in.out(), g.data);
    }

    private static Operation moment(Inputs in) {
        float[] samples = in.floats("X");
        DMatrixRMaj gram = new DMatrixRMaj(in.in(), in.in());
        DMatrixRMaj term = new DMatrixRMaj(in.in(), in.in());
        return new Operation() {
            @Override
            public void run() {
                CommonOps_DDRM.multInner(DMatrixRMaj.wrap(in.samples(), in.in(), Inputs.widened(samples)), term);
                CommonOps_DDRM.addEquals(gram, term);
            }

            @Override
            public double[] result() {
                return Operation.numbers(in.in(), in.in(), i -> gram.data[i]);
            }
        };
    }

    private static Operation growth(Inputs in) {
        double[] moment = in.doubles("C");
        double[] values = new double[in.in()];
        return new EigenGrowth(in, values) {
            private EigenDecomposition_F64<DMatrixRMaj> decomposition;

            @Override
            public void run() {
                decomposition = DecompositionFactory_DDRM.eig(in.in(), true, true);
                if (!decomposition.decompose(DMatrixRMaj.wrap(in.in(), in.in(), moment.clone()))) {
                    throw new IllegalStateException("compare: EJML found no eigenvalues");
                }
                for (int i = 0; i < values.length; i++) {
                    values[i] = decomposition.getEigenvalue(i).getReal();
                }
            }

            @Override
            double component(int column, int row) {
                return decomposition.getEigenVector(column).get(row);
            }
        };
    }
}
