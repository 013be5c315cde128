package org.keeplora.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;

/**
 * One site whose results are known, because basis, gradient and second moment are made from the columns of one
 * orthogonal frame F [in x in]: M is some of the columns, C = F·diag(λ)·Fᵀ ({@link SiteShape.Energies}), and the
 * gradient's part outside M has 96 directions with singular values 0.8^i. All float64 on the host.
 */
final class KnownSite implements AutoCloseable {
    private static final int DIRECTIONS = 96;
    private static final double DECAY = 0.8;

    private final BatchLinalg host;
    private final SiteShape shape;
    private final Matrix frame;
    private final int[] inside;
    private final int[] outside;
    private final Matrix left;
    private final Matrix right;

    /** @param frame F, the caller's */
    KnownSite(BatchLinalg host, SiteShape shape, Matrix frame) {
        this.host = host;
        this.shape = shape;
        this.frame = frame;
        this.inside = inside(shape);
        Set<Integer> covered = IntStream.of(inside).boxed().collect(Collectors.toSet());
        this.outside = IntStream.range(0, shape.width())
                .filter(i -> !covered.contains(i))
                .toArray();
        this.left = columns(Arrays.copyOf(outside, DIRECTIONS));
        this.right = Probe.orthonormal(host, shape.width(), DIRECTIONS, 100 + shape.seat());
    }

    private static int[] inside(SiteShape shape) {
        int k = shape.protectedDirections();
        if (shape.energies() == SiteShape.Energies.ALTERNATING) {
            return IntStream.range(0, k).map(i -> 1 + 2 * (shape.seat() + i)).toArray();
        }
        int common = shape.common();
        return IntStream.range(0, k)
                .map(i -> i < common ? i : shape.width() - k + i)
                .toArray();
    }

    private Matrix columns(int[] which) {
        double[] values = frame.toDoubles();
        double[] chosen = new double[shape.width() * which.length];
        for (int row = 0; row < shape.width(); row++) {
            for (int i = 0; i < which.length; i++) {
                chosen[row * which.length + i] = values[row * shape.width() + which[i]];
            }
        }
        return Matrix.copyOf(shape.width(), which.length, chosen);
    }

    /** λ; descending within the protected and the other columns. */
    double[] energies() {
        int in = shape.width();
        if (shape.energies() == SiteShape.Energies.ALTERNATING) {
            return IntStream.range(0, in)
                    .mapToDouble(i -> 1 / ((1.0 + i) * (1.0 + i)))
                    .toArray();
        }
        int common = shape.common();
        double[] energies = IntStream.range(0, in)
                .mapToDouble(i -> i < common ? Math.pow(1 + i, -1.5) : Math.pow(1 + i - common, -0.6))
                .toArray();
        double held = Arrays.stream(energies, 0, common).sum();
        double rest = Arrays.stream(energies, common, in).sum();
        for (int i = 0; i < in; i++) {
            energies[i] *= i < common ? (1 - shape.outside()) / held : shape.outside() / rest;
        }
        return energies;
    }

    /** M [in x k] of {@code type}; the caller closes it. */
    Matrix basis(ElementType type) {
        try (Matrix m = columns(inside)) {
            return host.convert(m, type);
        }
    }

    /** C [in x in]; the caller closes it. */
    Matrix moment() {
        Matrix moment = Matrix.zeros(shape.width(), shape.width(), ElementType.F64);
        try (Matrix scaled = scaled(frame, energies())) {
            host.multiply(List.of(Product.of(moment, Operand.of(scaled), Operand.transposed(frame))));
        }
        return moment;
    }

    /**
     * G = U·diag(0.8^i)·Vᵀ, plus an equal part inside M if {@code withInside}; [in x in] of {@code type}; the caller
     * closes it.
     */
    Matrix gradient(ElementType type, boolean withInside) {
        try (Matrix gradient = Matrix.zeros(shape.width(), shape.width(), ElementType.F64);
                Matrix scaled = scaled(left, falling());
                Matrix covered = columns(Arrays.copyOf(inside, DIRECTIONS));
                Matrix scaledInside = scaled(covered, falling())) {
            host.multiply(List.of(Product.of(gradient, Operand.of(scaled), Operand.transposed(right))));
            if (withInside) {
                host.multiply(
                        List.of(new Product(gradient, 1, Operand.of(scaledInside), Operand.transposed(right), 1)));
            }
            return host.convert(gradient, type);
        }
    }

    private static double[] falling() {
        return IntStream.range(0, DIRECTIONS)
                .mapToDouble(i -> Math.pow(DECAY, i))
                .toArray();
    }

    private static Matrix scaled(Matrix columns, double[] factors) {
        double[] values = columns.toDoubles();
        for (int i = 0; i < values.length; i++) {
            values[i] *= factors[i % factors.length];
        }
        return Matrix.copyOf(columns.rows(), columns.cols(), values);
    }

    /** The gradient's best approximation of rank {@code rank} outside M, times {@code v}. */
    double[] leading(int rank, double[] v) {
        double[] factors = falling();
        Arrays.fill(factors, rank, factors.length, 0);
        return Probe.times(left, Probe.scaled(Probe.transposedTimes(right, v), factors));
    }

    /**
     * By what factor rounding errors grow in the best approximation, whose last direction mixes with the next: (σ_r +
     * σ_r+1) / (σ_r − σ_r+1).
     */
    static double sensitivity() {
        return (1 + DECAY) / (1 - DECAY);
    }

    /** Indices of the columns of [M V_p] with the least p that reaches {@code share} of Σλ. */
    int[] grown(double share) {
        double[] energies = energies();
        double goal = share * Arrays.stream(energies).sum();
        double covered = Arrays.stream(inside).mapToDouble(i -> energies[i]).sum();
        int added = 0;
        while (covered < goal) {
            covered += energies[outside[added++]];
        }
        return IntStream.concat(Arrays.stream(inside), Arrays.stream(outside, 0, added))
                .toArray();
    }

    /** The projection of {@code v} onto the frame's columns {@code which}. */
    double[] projected(int[] which, double[] v) {
        try (Matrix columns = columns(which)) {
            return Probe.times(columns, Probe.transposedTimes(columns, v));
        }
    }

    @Override
    public void close() {
        left.close();
        right.close();
    }
}
