package org.keeplora.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.keeplora.engine.CudaCopy.Block;
import org.keeplora.engine.internal.Eigen;

/** Symmetric eigenproblems on cuSOLVER: problems of one size are one batch. */
final class CudaEigen {
    private final CudaLayout layout;
    private final CudaEigenSolver solver;

    CudaEigen(CudaLayout layout, CudaEigenSolver solver) {
        this.layout = layout;
        this.solver = solver;
    }

    /** Enqueued results, and cuSOLVER's status of each. */
    record Enqueued(List<Eigen> results, List<CudaArray> infos) implements AutoCloseable {
        /** Waits; throws if a problem did not converge. */
        void requireConverged() {
            for (CudaArray info : infos) {
                CudaDecompositions.requireConverged("eigh", "a batch of " + results.size(), info);
            }
        }

        /** Frees everything except the results. */
        @Override
        public void close() {
            infos.forEach(CudaArray::close);
        }
    }

    List<Eigen> eigh(List<Matrix> batch) {
        try (Enqueued enqueued = enqueue(batch)) {
            enqueued.requireConverged();
            return enqueued.results();
        }
    }

    /** As {@link #eigh}, without waiting. */
    Enqueued enqueue(List<Matrix> batch) {
        Eigen[] results = new Eigen[batch.size()];
        List<CudaArray> infos = new ArrayList<>();
        IntStream.range(0, batch.size())
                .boxed()
                .collect(Collectors.groupingBy(i -> batch.get(i).rows()))
                .forEach((n, members) -> solve(n, members, batch, results, infos));
        return new Enqueued(Arrays.asList(results), infos);
    }

    private void solve(int n, List<Integer> members, List<Matrix> batch, Eigen[] results, List<CudaArray> infos) {
        if (n > 0) {
            try (Matrix vectors = layout.uninitialized(members.size() * n, n, ElementType.F64);
                    Matrix values = layout.uninitialized(members.size(), n, ElementType.F64)) {
                List<CudaCopy> copies = new ArrayList<>();
                for (int i = 0; i < members.size(); i++) {
                    Matrix matrix = batch.get(members.get(i));
                    copies.add(new CudaCopy(Block.of(matrix, 0), Block.of(vectors, (long) i * n * n), n, n, false));
                }
                layout.copy(copies);
                infos.add(solver.enqueue(n, members.size(), vectors, values));
                List<CudaCopy> back = new ArrayList<>();
                for (int i = 0; i < members.size(); i++) {
                    int member = members.get(i);
                    results[member] =
                            unpacked(i, values, vectors, batch.get(member).type(), back);
                }
                layout.copy(back);
            }
        } else {
            for (int member : members) {
                Matrix empty = layout.uninitialized(0, 0, batch.get(member).type());
                results[member] = new Eigen(layout.uninitialized(0, 1, ElementType.F64), empty);
            }
        }
    }

    /**
     * Enqueues the copies for the result of problem {@code i}: from eigenvectors in rows, ascending, to eigenvectors in
     * columns, descending.
     */
    private Eigen unpacked(int i, Matrix values, Matrix vectors, ElementType type, List<CudaCopy> copies) {
        int n = vectors.cols();
        Matrix descending = layout.uninitialized(n, 1, ElementType.F64);
        Matrix columns = layout.uninitialized(n, n, type);
        Block lastValue = Block.of(values, (i + 1L) * n - 1).withStride(-1);
        Block lastVector = Block.of(vectors, (i + 1L) * n * n - n).withStride(-n);
        copies.add(new CudaCopy(lastValue, Block.of(descending, 0), n, 1, false));
        copies.add(new CudaCopy(lastVector, Block.of(columns, 0), n, n, true));
        return new Eigen(descending, columns);
    }
}
