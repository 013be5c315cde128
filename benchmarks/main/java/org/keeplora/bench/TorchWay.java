package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.T_TensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * The operations as a user of libtorch writes them, problem by problem, on the device of the tensors. The mathematics
 * is the same as ours; {@link AuthorsWay} computes what the authors' program does. Results belong to the caller's
 * scope; intermediate tensors are freed after each problem, as in Python.
 */
final class TorchWay {
    private TorchWay() {}

    /** G − M(MᵀG) for bases M [in x k] and gradients G [in x out]. */
    static List<Tensor> projectOut(List<Tensor> bases, List<Tensor> gradients) {
        return each(bases.size(), site -> List.of(projectOut(bases.get(site), gradients.get(site))));
    }

    private static Tensor projectOut(Tensor m, Tensor g) {
        return g.sub(m.matmul(m.t().matmul(g)));
    }

    /** C ← C + XᵀX in float64 for features X [slots x in], in place. */
    static List<Tensor> secondMoment(List<Tensor> features, List<Tensor> moments) {
        return each(features.size(), input -> {
            Tensor wide = features.get(input).to(ScalarType.Double);
            return List.of(moments.get(input).addmm_(wide.t(), wide));
        });
    }

    /** Values [n x 1] and vectors [n x n] of each symmetric matrix [n x n], descending. */
    static List<Tensor> eigh(List<Tensor> matrices, List<Tensor> unused) {
        return each(matrices.size(), i -> {
            T_TensorTensor_T ascending = torch.linalg_eigh(matrices.get(i));
            return List.of(
                    ascending.get0().flip(0).unsqueeze(1), ascending.get1().flip(1));
        });
    }

    /** Factors [in x r] and [r x out] of each matrix, as PyTorch's svd_lowrank finds them. */
    static List<Tensor> lowRank(List<Tensor> matrices, List<Tensor> unused) {
        return each(matrices.size(), i -> List.of(AuthorsWay.lowRank(matrices.get(i))));
    }

    /** A and B of each site from bases M [in x k] and gradients G [in x out]. */
    static List<Tensor> start(List<Tensor> bases, List<Tensor> gradients) {
        return each(
                bases.size(), site -> List.of(AuthorsWay.lowRank(projectOut(bases.get(site), gradients.get(site)))));
    }

    /** [M V_p] float32 of each site from bases M [in x k] float32 and second moments C [in x in] float64. */
    static List<Tensor> grow(List<Tensor> bases, List<Tensor> moments) {
        return each(bases.size(), site -> List.of(grow(bases.get(site), moments.get(site))));
    }

    private static Tensor grow(Tensor m, Tensor c) {
        Tensor wide = m.to(ScalarType.Double);
        Tensor half = projectOut(wide, c);
        Tensor residual = half.sub(half.matmul(wide).matmul(wide.t()));
        T_TensorTensor_T ascending = torch.linalg_eigh(residual);
        double total = c.trace().item_double();
        double covered = total - residual.trace().item_double();
        double missing = VitBlock.FEATURE_ENERGY * total - covered;
        Tensor reached = ascending.get0().flip(0).cumsum(0);
        long added =
                missing <= 0 ? 0 : 1 + reached.lt(new Scalar(missing)).sum().item_long();
        Tensor columns = ascending.get1().flip(1).narrow(1, 0, added);
        return torch.cat(new TensorVector(m, columns.to(ScalarType.Float)), 1);
    }

    private static List<Tensor> each(int problems, IntFunction<List<Tensor>> way) {
        PointerScope caller = PointerScope.getInnerScope();
        List<Tensor> all = new ArrayList<>();
        for (int i = 0; i < problems; i++) {
            try (PointerScope scope = new PointerScope()) {
                List<Tensor> results = way.apply(i);
                results.forEach(caller::attach);
                all.addAll(results);
            }
        }
        return all;
    }
}
