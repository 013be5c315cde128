package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.CUBLAS_FILL_MODE_LOWER;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.cublasDsyrk_v2;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.bytedeco.javacpp.DoublePointer;
import org.keeplora.engine.LinalgKernels.Asymmetry;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;

/** Products, projections and sums on cuBLAS, enqueued for the whole batch. */
final class CudaBlas {
    /**
     * Number of rows widened to float64 at a time: 4096 x 768 doubles are 24 MB, enough rows for one product to fill
     * the device.
     */
    private static final int WIDENED_ROWS = 4096;

    private final Cuda cuda;
    private final CudaLayout layout;
    private final CudaGroupedProducts products;

    CudaBlas(Cuda cuda, CudaLayout layout) {
        this.cuda = cuda;
        this.layout = layout;
        this.products = new CudaGroupedProducts(cuda);
    }

    CudaLayout layout() {
        return layout;
    }

    void multiply(List<Product> batch) {
        List<Product> full = new ArrayList<>();
        for (Product p : batch) {
            if (p.target().elements() > 0 && p.left().cols() > 0) {
                full.add(p);
            } else if (p.target().elements() > 0) {
                scale(p.target(), p.beta());
            }
        }
        products.multiply(full);
    }

    /** target ← factor · target; a factor of 0 does not read the target. */
    private void scale(Matrix target, double factor) {
        if (factor == 0) {
            target.cleared();
        } else if (factor != 1) {
            layout.combine(List.of(new CudaCombination(CudaCopy.of(target, target), factor, 0)));
        }
    }

    /** Two products for the whole batch, with the coefficients basisᵀ·target between them. */
    void project(List<Projection> batch) {
        List<Product> inner = new ArrayList<>();
        List<Product> outer = new ArrayList<>();
        try {
            for (Projection p : batch) {
                Matrix coefficients = layout.uninitialized(
                        p.basis().cols(), p.target().cols(), p.target().type());
                inner.add(Product.of(coefficients, Operand.transposed(p.basis()), Operand.of(p.target())));
                boolean outside = p.projector().kept() == Projector.Part.OUTSIDE_SPAN;
                outer.add(new Product(
                        p.target(),
                        outside ? -1 : 1,
                        Operand.of(p.basis()),
                        Operand.of(coefficients),
                        outside ? 1 : 0));
            }
            multiply(inner);
            multiply(outer);
        } finally {
            inner.forEach(product -> product.target().close());
        }
    }

    /** A new matrix left · right for each pair, enqueued together. */
    List<Matrix> products(List<Operand> lefts, List<Operand> rights) {
        List<Product> batch = new ArrayList<>();
        for (int i = 0; i < lefts.size(); i++) {
            Operand left = lefts.get(i);
            Operand right = rights.get(i);
            Matrix target = layout.uninitialized(
                    left.rows(), right.cols(), left.matrix().type());
            batch.add(Product.of(target, left, right));
        }
        multiply(batch);
        return batch.stream().map(Product::target).toList();
    }

    void accumulateGram(List<GramUpdate> batch) {
        for (GramUpdate update : batch) {
            Matrix samples = update.samples();
            if (samples.elements() == 0) {
                continue;
            }
            if (update.isSingle()) {
                addSingle(samples, update.gram());
            } else if (samples.type() == ElementType.F64) {
                addGram(samples.doubles(), samples.rows(), update.gram());
            } else {
                addWidened(samples, update.gram());
            }
        }
    }

    private void addWidened(Matrix samples, Matrix gram) {
        int block = Math.min(WIDENED_ROWS, samples.rows());
        try (Matrix widened = layout.uninitialized(block, samples.cols(), ElementType.F64)) {
            for (int row = 0; row < samples.rows(); row += block) {
                int rows = Math.min(block, samples.rows() - row);
                layout.widenRows(samples, row, rows, widened);
                addGram(widened.doubles(), rows, gram);
            }
        }
    }

    /** Products of blocks of rows in float32, their sums in float64. */
    private void addSingle(Matrix samples, Matrix gram) {
        try (Matrix single = layout.convert(samples, ElementType.F32);
                Matrix square = layout.uninitialized(gram.rows(), gram.cols(), ElementType.F32)) {
            for (int row = 0; row < samples.rows(); row += GramUpdate.SINGLE_ROWS) {
                int rows = Math.min(GramUpdate.SINGLE_ROWS, samples.rows() - row);
                try (Matrix block = layout.rows(single, row, rows)) {
                    multiply(List.of(Product.of(square, Operand.transposed(block), Operand.of(block))));
                }
                layout.combine(List.of(CudaCombination.sum(gram, 1, square)));
            }
        }
    }

    /** The lower triangle by columns, which is the upper one by rows. */
    private void addGram(DoublePointer samples, int rows, Matrix gram) {
        int in = gram.rows();
        try (DoublePointer one = new DoublePointer(1).put(1)) {
            Cuda.checkBlas(
                    "cublasDsyrk",
                    cublasDsyrk_v2(
                            cuda.blas(),
                            CUBLAS_FILL_MODE_LOWER,
                            CUBLAS_OP_N,
                            in,
                            rows,
                            one,
                            samples,
                            in,
                            one,
                            gram.doubles(),
                            in));
        }
    }

    /** Of each matrix; all are measured at once. */
    List<Asymmetry> asymmetries(List<Matrix> batch) {
        List<Matrix> differences = layout.transpose(batch);
        try {
            layout.combine(IntStream.range(0, batch.size())
                    .mapToObj(i -> CudaCombination.sum(differences.get(i), -1, batch.get(i)))
                    .toList());
            double[] largest = layout.largestMagnitudes(
                    Stream.concat(differences.stream(), batch.stream()).toList());
            return IntStream.range(0, batch.size())
                    .mapToObj(i -> new Asymmetry(largest[i], largest[batch.size() + i]))
                    .toList();
        } finally {
            differences.forEach(Matrix::close);
        }
    }

    void add(List<Addition> batch) {
        layout.combine(batch.stream()
                .map(a -> CudaCombination.sum(a.target(), a.factor(), a.term()))
                .toList());
    }
}
