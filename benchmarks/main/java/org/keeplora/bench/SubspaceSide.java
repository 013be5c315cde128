package org.keeplora.bench;

import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.internal.PrincipalSubspace;

/** An operation of our method on protected subspaces, which are made from the first inputs. */
abstract class SubspaceSide extends EngineSide {
    private List<PrincipalSubspace> subspaces = List.of();

    /** @param inputs first the bases M [in x k] float32, second one matrix [in x ..] for each */
    SubspaceSide(BatchLinalg linalg, Inputs inputs) {
        super(linalg, inputs);
        remake();
    }

    final List<PrincipalSubspace> subspaces() {
        return subspaces;
    }

    /** One problem per subspace, with its second input. */
    final <P> List<P> paired(BiFunction<PrincipalSubspace, Matrix, P> problem) {
        return IntStream.range(0, subspaces.size())
                .mapToObj(i -> problem.apply(subspaces.get(i), second().get(i)))
                .toList();
    }

    @Override
    public void restore() {
        remake();
    }

    private void remake() {
        subspaces.forEach(PrincipalSubspace::close);
        subspaces = first().stream()
                .map(basis -> PrincipalSubspace.ofBasis(linalg(), basis))
                .toList();
        settled(subspaces.stream().map(subspace -> subspace.projector().basis()).toList());
    }

    @Override
    public void close() {
        subspaces.forEach(PrincipalSubspace::close);
        super.close();
    }
}
