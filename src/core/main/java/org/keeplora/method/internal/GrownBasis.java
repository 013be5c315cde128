package org.keeplora.method.internal;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.Assembly.Columns;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Factors;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.method.internal.PrincipalSubspace.Extension;
import org.keeplora.method.internal.SubspaceGrowth.Solution;

/** A subspace and what it will store once it has grown; that belongs to the subspace once it has taken its place. */
record GrownBasis(PrincipalSubspace subspace, Projector basis) implements AutoCloseable {
    /** Those of the subspaces that grow. */
    static List<GrownBasis> of(BatchLinalg linalg, Map<Extension, Solution> solutions) {
        List<Site> all = new ArrayList<>();
        solutions.forEach((extension, solution) -> {
            if (solution.added() > 0) {
                all.add(new Site(extension.subspace(), solution));
            }
        });
        List<Site> complemented = all.stream().filter(Site::isComplement).toList();
        List<Site> inCoordinates =
                all.stream().filter(site -> site.solution.z().isPresent()).toList();
        try (ResourceScope scope = new ResourceScope()) {
            put(all, scope.keep(linalg.assemble(all.stream().map(Site::source).toList())));
            put(
                    complemented,
                    scope.keep(linalg.complement(
                            complemented.stream().map(site -> site.columns).toList())));
            put(
                    inCoordinates,
                    scope.keep(linalg.products(
                            inCoordinates.stream().map(Site::inDirections).toList())));
            return ResourceScope.handOver(made -> {
                List<Matrix> stored =
                        made.keep(linalg.assemble(all.stream().map(Site::stored).toList()));
                return IntStream.range(0, all.size())
                        .mapToObj(i -> all.get(i).grown(stored.get(i)))
                        .toList();
            });
        }
    }

    private static void put(List<Site> sites, List<Matrix> columns) {
        for (int i = 0; i < columns.size(); i++) {
            sites.get(i).columns = columns.get(i);
        }
    }

    /** On the way from the directions V = [V₁ V₂], V₁ to add, to what is stored. */
    private static final class Site {
        final PrincipalSubspace subspace;
        final Solution solution;
        /** Whether M or Q will be stored. */
        final Part kept;
        /** Float64. */
        Matrix columns;

        Site(PrincipalSubspace subspace, Solution solution) {
            this.subspace = subspace;
            this.solution = solution;
            boolean narrow = PrincipalSubspace.isNarrower(solution.growth().rankAfter(), subspace.in());
            this.kept = narrow ? Part.OUTSIDE_SPAN : Part.INSIDE_SPAN;
        }

        /** Whether Q is stored but V₂ is not known. */
        boolean isComplement() {
            return kept == Part.INSIDE_SPAN && !solution.all();
        }

        /** V₁ to append to M, V₂ as Q, or that whose complement is Q: V₁ in coordinates of Z, or [M V₁]. */
        Assembly source() {
            Matrix v = solution.vectors();
            int added = solution.added();
            Columns toAdd = new Columns(v, 0, added);
            if (kept == Part.INSIDE_SPAN && solution.all()) {
                return Assembly.of(ElementType.F64, new Columns(v, added, v.cols() - added));
            }
            return isComplement() && solution.z().isEmpty()
                    ? Assembly.of(ElementType.F64, m(), toAdd)
                    : Assembly.of(ElementType.F64, toAdd);
        }

        private Columns m() {
            return Columns.of(subspace.projector().basis());
        }

        Factors inDirections() {
            return new Factors(Operand.of(solution.z().get()), Operand.of(columns));
        }

        Assembly stored() {
            return kept == Part.INSIDE_SPAN
                    ? Assembly.of(ElementType.F32, columns)
                    : Assembly.of(ElementType.F32, m(), Columns.of(columns));
        }

        GrownBasis grown(Matrix stored) {
            return new GrownBasis(subspace, new Projector(stored, kept));
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
