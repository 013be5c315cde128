package org.keeplora.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.IntPointer;
import org.keeplora.engine.CudaCopy.Block;
import org.keeplora.engine.internal.Eigen;

/**
 * Symmetric eigenproblems on cuSOLVER: problems of one size are one batch.
 *
 * <p>Sizes that differ are rounded up, so that ragged problems make few batches, and columns begin at 16 bytes. What is
 * added is a diagonal below all eigenvalues, so its eigenpairs come first and are left out.
 */
final class CudaEigen {
    /** Sizes are rounded up to multiples of a quarter of the power of two below, but of 16 at least. */
    private static final int LEAST_STEP = 16;

    private static final int STEPS = 4;
    /** No eigenvalue is below −‖matrix‖; what is added lies at this many times that. */
    private static final double BELOW = -1.5;

    private final Cuda cuda;
    private final CudaLayout layout;
    private final CudaEigenSolver solver;

    CudaEigen(Cuda cuda, CudaLayout layout, CudaEigenSolver solver) {
        this.cuda = cuda;
        this.layout = layout;
        this.solver = solver;
    }

    /** Enqueued results, and cuSOLVER's status of each. */
    record Enqueued(List<Eigen> results, CudaArray infos) implements AutoCloseable {
        /** Waits; throws if a problem did not converge. */
        void requireConverged() {
            CudaDecompositions.requireConverged("eigh", "a batch of " + results.size(), infos);
        }

        /** Frees everything except the results. */
        @Override
        public void close() {
            infos.close();
        }
    }

    List<Eigen> eigh(List<Matrix> batch) {
        boolean ragged = batch.stream().mapToInt(Matrix::rows).distinct().count() > 1;
        try (Enqueued enqueued = ragged ? enqueueRagged(batch) : enqueue(batch)) {
            enqueued.requireConverged();
            return enqueued.results();
        }
    }

    /** As {@link #eigh}, without waiting; problems of each size are a batch. */
    Enqueued enqueue(List<Matrix> batch) {
        return enqueue(batch, n -> n, new double[batch.size()]);
    }

    /** As {@link #enqueue(List)}, with rounded sizes; waits for the norms. */
    private Enqueued enqueueRagged(List<Matrix> batch) {
        double[] below = Arrays.stream(layout.norms(batch))
                .map(norm -> norm == 0 ? BELOW : BELOW * norm)
                .toArray();
        return enqueue(batch, CudaEigen::rounded, below);
    }

    private static int rounded(int n) {
        int step = Math.max(LEAST_STEP, Integer.highestOneBit(n) / STEPS);
        return (n + step - 1) / step * step;
    }

    /** @param below for each problem, the value on the diagonal that is added */
    private Enqueued enqueue(List<Matrix> batch, IntUnaryOperator size, double[] below) {
        Eigen[] results = new Eigen[batch.size()];
        CudaArray infos = new CudaArray(cuda, (long) batch.size() * Integer.BYTES);
        infos.clear();
        int first = 0;
        Map<Integer, List<Integer>> bySize = IntStream.range(0, batch.size())
                .boxed()
                .collect(Collectors.groupingBy(
                        i -> size.applyAsInt(batch.get(i).rows()), TreeMap::new, Collectors.toList()));
        for (Map.Entry<Integer, List<Integer>> group : bySize.entrySet()) {
            List<Integer> members = group.getValue();
            if (group.getKey() > 0) {
                solve(group.getKey(), members, batch, results, below, infos.ints(first));
            } else {
                members.forEach(member -> results[member] = empty(batch.get(member)));
            }
            first += members.size();
        }
        return new Enqueued(Arrays.asList(results), infos);
    }

    private Eigen empty(Matrix matrix) {
        return new Eigen(layout.uninitialized(0, 1, ElementType.F64), layout.uninitialized(0, 0, matrix.type()));
    }

    private void solve(
            int n, List<Integer> members, List<Matrix> batch, Eigen[] results, double[] below, IntPointer infos) {
        try (Matrix vectors = layout.uninitialized(members.size() * n, n, ElementType.F64);
                Matrix values = layout.uninitialized(members.size(), n, ElementType.F64)) {
            pack(
                    n,
                    members.stream().map(batch::get).toList(),
                    vectors,
                    members.stream().mapToDouble(i -> below[i]).toArray());
            solver.enqueue(n, members.size(), vectors, values, infos);
            List<CudaCopy> back = new ArrayList<>();
            for (int i = 0; i < members.size(); i++) {
                int member = members.get(i);
                results[member] = unpacked(i, values, vectors, batch.get(member), back);
            }
            layout.copy(back);
        }
    }

    /** Writes the matrices below each other, each in a square of size {@code n}. */
    private void pack(int n, List<Matrix> matrices, Matrix squares, double[] below) {
        double[] added = IntStream.range(0, below.length)
                .mapToObj(i -> DoubleStream.generate(() -> below[i])
                        .limit(n - matrices.get(i).rows()))
                .flatMapToDouble(values -> values)
                .toArray();
        try (Matrix host = Matrix.copyOf(added.length, 1, added);
                Matrix diagonals = layout.uninitialized(added.length, 1, ElementType.F64)) {
            if (added.length > 0) {
                diagonals.writtenFrom(host);
                squares.cleared();
            }
            List<CudaCopy> copies = new ArrayList<>();
            int next = 0;
            for (int i = 0; i < matrices.size(); i++) {
                Matrix matrix = matrices.get(i);
                int own = matrix.rows();
                long first = (long) i * n * n;
                copies.add(new CudaCopy(Block.of(matrix, 0), Block.of(squares, first), own, own, false));
                if (own < n) {
                    Block diagonal = Block.of(squares, first + own * (n + 1L)).withStride(n + 1L);
                    copies.add(new CudaCopy(Block.of(diagonals, next), diagonal, n - own, 1, false));
                    next += n - own;
                }
            }
            layout.copy(copies);
        }
    }

    /**
     * Enqueues the copies for the result of problem {@code i}: from eigenvectors in rows, ascending, to eigenvectors in
     * columns, descending, without those that were added.
     */
    private Eigen unpacked(int i, Matrix values, Matrix vectors, Matrix matrix, List<CudaCopy> copies) {
        int size = vectors.cols();
        int n = matrix.rows();
        Matrix descending = layout.uninitialized(n, 1, ElementType.F64);
        Matrix columns = layout.uninitialized(n, n, matrix.type());
        Block lastValue = Block.of(values, (i + 1L) * size - 1).withStride(-1);
        Block lastVector = Block.of(vectors, (i + 1L) * size * size - size).withStride(-size);
        copies.add(new CudaCopy(lastValue, Block.of(descending, 0), n, 1, false));
        copies.add(new CudaCopy(lastVector, Block.of(columns, 0), n, n, true));
        return new Eigen(descending, columns);
    }
}
