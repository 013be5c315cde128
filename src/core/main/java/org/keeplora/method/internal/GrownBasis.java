package org.keeplora.method.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.method.internal.PrincipalSubspace.Extension;
import org.keeplora.method.internal.SubspaceGrowth.Solution;

/** A subspace and what it will store once it has grown; that belongs to the subspace once it has taken its place. */
record GrownBasis(PrincipalSubspace subspace, Projector basis) implements AutoCloseable {
    /** Those of the subspaces that grow. */
    static List<GrownBasis> of(BatchLinalg linalg, Map<Extension, Solution> solutions) {
        List<Columns> all = new ArrayList<>();
        List<Product> products = new ArrayList<>();
        try (ResourceScope scope = new ResourceScope()) {
            solutions.forEach((extension, solution) -> {
                if (solution.added() > 0) {
                    Part kept = PrincipalSubspace.isNarrower(
                                    solution.growth().rankAfter(),
                                    extension.subspace().in())
                            ? Part.OUTSIDE_SPAN
                            : Part.INSIDE_SPAN;
                    Matrix columns = scope.keep(
                            kept == Part.OUTSIDE_SPAN ? toAdd(linalg, solution) : left(linalg, extension, solution));
                    if (solution.z().isPresent()) {
                        Matrix z = solution.z().get();
                        Operand coordinates = Operand.of(columns);
                        columns = scope.keep(linalg.zeros(z.rows(), columns.cols(), ElementType.F64));
                        products.add(Product.of(columns, Operand.of(z), coordinates));
                    }
                    all.add(new Columns(extension.subspace(), kept, columns));
                }
            });
            linalg.multiply(products);
            return ResourceScope.handOver(made ->
                    all.stream().map(columns -> made.keep(columns.stored(linalg))).toList());
        }
    }

    /**
     * @param kept whether M or Q will be stored
     * @param values float64: the columns to append to M, or all of Q
     */
    private record Columns(PrincipalSubspace subspace, Part kept, Matrix values) {
        GrownBasis stored(BatchLinalg linalg) {
            if (kept == Part.INSIDE_SPAN || subspace.rank() == 0) {
                return new GrownBasis(subspace, new Projector(linalg.convert(values, ElementType.F32), kept));
            }
            try (Matrix added = linalg.convert(values, ElementType.F32)) {
                Matrix m = linalg.concatColumns(subspace.projector().basis(), added);
                return new GrownBasis(subspace, Projector.outOf(m));
            }
        }
    }

    /** V₁. */
    private static Matrix toAdd(BatchLinalg linalg, Solution solution) {
        return linalg.columns(solution.vectors(), 0, solution.added());
    }

    /** V₂, or another basis of what stays unprotected. */
    private static Matrix left(BatchLinalg linalg, Extension extension, Solution solution) {
        Matrix vectors = solution.vectors();
        int added = solution.added();
        if (solution.all()) {
            return linalg.columns(vectors, added, vectors.cols() - added);
        }
        if (solution.z().isPresent() || extension.subspace().rank() == 0) {
            return linalg.complement(List.of(vectors)).get(0);
        }
        Projector stored = extension.subspace().projector(); // M
        try (Matrix wide = linalg.convert(stored.basis(), ElementType.F64);
                Matrix all = linalg.concatColumns(wide, vectors)) {
            return linalg.complement(List.of(all)).get(0);
        }
    }

    void takePlace() {
        subspace.become(basis);
    }

    @Override
    public void close() {
        basis.basis().close();
    }
}
