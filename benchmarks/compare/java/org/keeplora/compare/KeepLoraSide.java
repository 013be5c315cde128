package org.keeplora.compare;

import org.keeplora.engine.internal.BatchLinalg;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.method.Switches;
import org.keeplora.method.internal.LoraFactors;
import org.keeplora.method.internal.LoraStart;
import org.keeplora.method.internal.PrincipalSubspace.Extension;
import org.keeplora.method.internal.PrincipalSubspace.Residual;
import org.keeplora.method.internal.PrincipalSubspace;
import org.keeplora.method.internal.SecondMoment;

/** This library on the host. Matrices are native and made before; what an operation returns is closed in the shot. */
final class KeepLoraSide implements Side {
    private static final int SKETCH_PER_RANK = 4;
    private static final int POWER_ITERATIONS = 4;

    private final BatchLinalg linalg;

    KeepLoraSide(int threads) {
        linalg = BatchLinalg.open(BackendChoice.CPU, threads);
    }

    @Override
    public String facts() {
        return Linalg.backends().get(0).facts().get(0);
    }

    @Override
    public Map<String, Supplier<Operation>> operations(Inputs in) {
        return Map.of(
                "multiply", () -> multiply(in),
                "projectOut", () -> projectOut(in),
                "residual", () -> residual(in),
                "lowRank", () -> lowRank(in),
                "start", () -> start(in),
                "moment", () -> moment(in),
                "growth0", () -> new GrowthOperation(in, false),
                "growthK", () -> new GrowthOperation(in, true));
    }

    private static Matrix m(Inputs in) {
        return Matrix.copyOf(in.in(), in.rank(), in.floats("M"));
    }

    private static Matrix g(Inputs in) {
        return Matrix.copyOf(in.in(), in.out(), in.floats("G"));
    }

    /** An operation whose result is a matrix. */
    private record Simple(Runnable computation, Supplier<Matrix> results) implements Operation {
        @Override
        public void run() {
            computation.run();
        }

        @Override
        public double[] result() {
            Matrix target = results.get();
            int cols = target.cols();
            return Operation.numbers(target.rows(), cols, i -> target.get(i / cols, i % cols));
        }
    }

    private Operation multiply(Inputs in) {
        Matrix target = Matrix.zeros(in.rank(), in.out(), ElementType.F32);
        List<Product> batch = List.of(Product.of(target, Operand.transposed(m(in)), Operand.of(g(in))));
        return new Simple(() -> linalg.multiply(batch), () -> target);
    }

    private Operation projectOut(Inputs in) {
        Matrix gradient = g(in);
        List<Projection> batch = List.of(new Projection(gradient, Projector.outOf(m(in))));
        return new Simple(() -> linalg.projectOut(batch), () -> gradient);
    }

    private Operation residual(Inputs in) {
        Matrix gradient = g(in);
        List<Residual> batch = List.of(new Residual(ofM(in), gradient));
        return new Simple(() -> PrincipalSubspace.projectOut(linalg, batch), () -> gradient);
    }

    private Operation moment(Inputs in) {
        SecondMoment moment = new SecondMoment(linalg, in.in());
        Matrix samples = Matrix.copyOf(in.samples(), in.in(), in.floats("X"));
        return new Simple(() -> moment.add(linalg, samples), () -> moment.value(linalg));
    }

    private Operation lowRank(Inputs in) {
        int r = in.leading();
        List<LowRank> batch = List.of(new LowRank(
                Optional.of(Projector.outOf(m(in))), g(in), r, SKETCH_PER_RANK * r, POWER_ITERATIONS, 1));
        return new FactorsOperation(() -> {
            try (LowRankFactors factors = linalg.lowRank(batch).get(0)) {
                return norm(factors.right());
            }
        });
    }

    private Operation start(Inputs in) {
        List<LoraStart> batch = List.of(new LoraStart(ofM(in), g(in), 1));
        return new FactorsOperation(() -> {
            try (LoraFactors factors = LoraStart.factors(linalg, batch, in.leading(), Switches.StartB.GRADIENT)
                    .get(0)) {
                return norm(factors.b());
            }
        });
    }

    private double norm(Matrix matrix) {
        return linalg.norms(List.of(matrix))[0];
    }

    /** An operation that returns factors A·B, A orthonormal; the number is ‖B‖ = ‖A·B‖. */
    private static final class FactorsOperation implements Operation {
        private final Supplier<Double> computation;
        private double norm;

        FactorsOperation(Supplier<Double> computation) {
            this.computation = computation;
        }

        @Override
        public void run() {
            norm = computation.get();
        }

        @Override
        public double[] result() {
            return new double[] {norm, 0};
        }
    }

    /** The subspace with M's span. */
    private PrincipalSubspace ofM(Inputs in) {
        try (Matrix basis = m(in)) {
            return PrincipalSubspace.ofBasis(linalg, basis);
        }
    }

    private final class GrowthOperation implements Operation {
        private final Inputs in;
        private final boolean fromM;
        private final Matrix moment;
        private PrincipalSubspace subspace;

        GrowthOperation(Inputs in, boolean fromM) {
            this.in = in;
            this.fromM = fromM;
            this.moment = Matrix.copyOf(in.in(), in.in(), in.doubles("C"));
        }

        @Override
        public boolean fresh() {
            return true;
        }

        @Override
        public void before() {
            close();
            subspace = fromM ? ofM(in) : PrincipalSubspace.empty(linalg, in.in());
        }

        @Override
        public void run() {
            PrincipalSubspace.extend(linalg, List.of(new Extension(subspace, moment)), Inputs.SHARE);
        }

        @Override
        public double[] result() {
            try (Matrix probe = Matrix.copyOf(in.in(), 1, in.probe())) {
                PrincipalSubspace.projectOut(linalg, List.of(new Residual(subspace, probe)));
                return new double[] {subspace.rank(), norm(probe)};
            }
        }

        @Override
        public void close() {
            if (subspace != null) {
                subspace.close();
            }
        }
    }

    @Override
    public void close() {
        linalg.close();
    }
}
