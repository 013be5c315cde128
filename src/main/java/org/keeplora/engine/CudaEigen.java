package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.CUBLAS_FILL_MODE_UPPER;
import static org.bytedeco.cuda.global.cudart.CUDA_R_64F;
import static org.bytedeco.cuda.global.cusolver.CUSOLVER_EIG_MODE_VECTOR;
import static org.bytedeco.cuda.global.cusolver.cusolverDnXsyevBatched;
import static org.bytedeco.cuda.global.cusolver.cusolverDnXsyevBatched_bufferSize;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.SizeTPointer;

/** Symmetric eigenproblems on cuSOLVER: problems of one size are one batch. */
final class CudaEigen {
    private final Cuda cuda;
    private final CudaLayout layout;

    CudaEigen(Cuda cuda, CudaLayout layout) {
        this.cuda = cuda;
        this.layout = layout;
    }

    /** Results that are on their way, and what cuSOLVER will say of each. */
    record Enqueued(List<Eigen> results, List<CudaArray> infos) implements AutoCloseable {
        /** Waits; an exception where a problem did not converge. */
        void requireConverged() {
            for (CudaArray info : infos) {
                CudaDecompositions.requireConverged("eigh", "a batch of " + results.size(), info);
            }
        }

        /** Frees all but the results. */
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
                    copies.add(new CudaCopy(
                            CudaCopy.address(matrix, 0),
                            matrix.type(),
                            n,
                            CudaCopy.address(vectors, (long) i * n * n),
                            ElementType.F64,
                            n,
                            n,
                            n,
                            false));
                }
                layout.copy(copies);
                infos.add(decompose(n, members.size(), vectors, values));
                unpack(n, members, batch, vectors, values, results);
            }
        } else {
            for (int member : members) {
                Matrix empty = layout.uninitialized(0, 0, batch.get(member).type());
                results[member] = new Eigen(layout.uninitialized(0, 1, ElementType.F64), empty);
            }
        }
    }

    /** Eigenvectors over the matrices, in rows as we read them, ascending; of which the upper triangle by columns is the lower by rows. */
    private CudaArray decompose(int n, int count, Matrix vectors, Matrix values) {
        try (SizeTPointer deviceBytes = new SizeTPointer(1);
                SizeTPointer hostBytes = new SizeTPointer(1)) {
            Cuda.checkSolver(
                    "cusolverDnXsyevBatched_bufferSize",
                    cusolverDnXsyevBatched_bufferSize(
                            cuda.solver(),
                            cuda.solverParameters(),
                            CUSOLVER_EIG_MODE_VECTOR,
                            CUBLAS_FILL_MODE_UPPER,
                            n,
                            CUDA_R_64F,
                            vectors.doubles(),
                            n,
                            CUDA_R_64F,
                            values.doubles(),
                            CUDA_R_64F,
                            deviceBytes,
                            hostBytes,
                            count));
            try (CudaArray workspace = new CudaArray(cuda, deviceBytes.get());
                    BytePointer hostWorkspace = new BytePointer(Math.max(1, hostBytes.get()))) {
                CudaArray info = new CudaArray(cuda, (long) count * Integer.BYTES);
                Cuda.checkSolver(
                        "cusolverDnXsyevBatched",
                        cusolverDnXsyevBatched(
                                cuda.solver(),
                                cuda.solverParameters(),
                                CUSOLVER_EIG_MODE_VECTOR,
                                CUBLAS_FILL_MODE_UPPER,
                                n,
                                CUDA_R_64F,
                                vectors.doubles(),
                                n,
                                CUDA_R_64F,
                                values.doubles(),
                                CUDA_R_64F,
                                workspace.bytes(),
                                deviceBytes.get(),
                                hostWorkspace,
                                hostBytes.get(),
                                info.ints(0),
                                count));
                return info;
            }
        }
    }

    /** From eigenvectors in rows, ascending, to eigenvectors in columns, descending. */
    private void unpack(
            int n, List<Integer> members, List<Matrix> batch, Matrix vectors, Matrix values, Eigen[] results) {
        List<CudaCopy> copies = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            Matrix descending = layout.uninitialized(n, 1, ElementType.F64);
            Matrix columns =
                    layout.uninitialized(n, n, batch.get(members.get(i)).type());
            results[members.get(i)] = new Eigen(descending, columns);
            copies.add(new CudaCopy(
                    CudaCopy.address(values, (i + 1L) * n - 1),
                    ElementType.F64,
                    -1,
                    CudaCopy.address(descending, 0),
                    ElementType.F64,
                    1,
                    n,
                    1,
                    false));
            copies.add(new CudaCopy(
                    CudaCopy.address(vectors, (i + 1L) * n * n - n),
                    ElementType.F64,
                    -n,
                    CudaCopy.address(columns, 0),
                    columns.type(),
                    n,
                    n,
                    n,
                    true));
        }
        layout.copy(copies);
    }
}
