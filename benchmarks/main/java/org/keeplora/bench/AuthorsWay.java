package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.StringViewOptional;
import org.bytedeco.pytorch.T_TensorTensorTensor_T;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.torch.Tensors;

/** The same mathematics with the libtorch calls of the authors' program, site by site. */
final class AuthorsWay {
    private AuthorsWay() {}

    /**
     * For every site two thin SVDs of features [in x slots]: of X for its energy, and of X − MMᵀX for the new
     * directions.
     */
    static List<Tensor> grow(List<Tensor> features, List<Tensor> bases, double share) {
        List<Tensor> grown = new ArrayList<>();
        for (int site = 0; site < bases.size(); site++) {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                Tensor x = features.get(site);
                Tensor m = bases.get(site);
                double total = energies(svd(x)).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
                T_TensorTensorTensor_T rest = svd(x.sub(m.matmul(m.t()).matmul(x)));
                List<Double> energies = energies(rest);
                double covered = total
                        - energies.stream().mapToDouble(Double::doubleValue).sum();
                int added = 0;
                while (added < energies.size() && covered < share * total) {
                    covered += energies.get(added++);
                }
                Tensor columns = rest.get0().narrow(1, 0, added);
                grown.add(Tensors.keep(torch.cat(new TensorVector(m, columns), 1)));
            }
        }
        return grown;
    }

    private static T_TensorTensorTensor_T svd(Tensor matrix) {
        return torch.linalg_svd(matrix, false, new StringViewOptional());
    }

    private static List<Double> energies(T_TensorTensorTensor_T svd) {
        List<Double> energies = new ArrayList<>();
        for (float value : Tensors.floats(svd.get1())) {
            energies.add((double) value * value);
        }
        return energies;
    }

    /** For every site the d x d projector, its product with the gradient, and a randomised SVD: A·B is left·right. */
    static List<Tensor[]> start(List<Tensor> gradients, List<Tensor> bases) {
        List<Tensor[]> starts = new ArrayList<>();
        for (int site = 0; site < bases.size(); site++) {
            try (PointerScope scope = new PointerScope();
                    NoGradGuard guard = new NoGradGuard()) {
                Tensor g = gradients.get(site);
                Tensor m = bases.get(site);
                Tensor[] factors = lowRank(g.sub(m.matmul(m.t()).matmul(g)));
                starts.add(new Tensor[] {Tensors.keep(factors[0].contiguous()), Tensors.keep(factors[1].contiguous())});
            }
        }
        return starts;
    }

    /**
     * The leading factors [in x r] and [r x out] of a matrix [in x out], by PyTorch's svd_lowrank, which libtorch
     * lacks.
     */
    static Tensor[] lowRank(Tensor matrix) {
        Tensor range = range(matrix);
        T_TensorTensorTensor_T svd = svd(range.t().matmul(matrix));
        Tensor a = range.matmul(svd.get0()).narrow(1, 0, VitBlock.RANK);
        Tensor b = svd.get1().unsqueeze(1).mul(svd.get2()).narrow(0, 0, VitBlock.RANK);
        return new Tensor[] {a, b};
    }

    /** Orthonormal columns [in x sketch], with a QR after every half step. */
    private static Tensor range(Tensor matrix) {
        Tensor random = torch.randn(new long[] {matrix.size(1), VitBlock.SKETCH}, matrix.options());
        Tensor range = torch.linalg_qr(matrix.matmul(random)).get0();
        for (int i = 0; i < VitBlock.POWER_ITERATIONS; i++) {
            Tensor coRange = torch.linalg_qr(matrix.t().matmul(range)).get0();
            range = torch.linalg_qr(matrix.matmul(coRange)).get0();
        }
        return range;
    }
}
