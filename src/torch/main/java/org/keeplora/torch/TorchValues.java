package org.keeplora.torch;

import org.bytedeco.pytorch.Tensor;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.learner.Values;

/**
 * Tensors of float32, float64, float16 or bfloat16 as arrays of a learner, copied only if they have gaps. The scope and
 * the surrounding PointerScope must outlive them.
 */
final class TorchValues {
    private TorchValues() {}

    /** A weight or gradient [out x in], as PyTorch stores it: the array [in x out]. */
    static Values ofWeight(Tensor stored, Linalg linalg, ResourceScope scope) {
        Tensor turned = stored.detach().t();
        return turned.is_contiguous()
                ? Values.of(scope.keep(TorchMatrix.view(turned, linalg)))
                : Values.of(scope.keep(TorchMatrix.view(stored.detach().contiguous(), linalg)))
                        .transposed();
    }

    /** Features [.. x in]: the array [n x in]. */
    static Values ofRows(Tensor features, Linalg linalg, ResourceScope scope) {
        Tensor rows = features.detach().reshape(-1, features.size(-1)).contiguous();
        return Values.of(scope.keep(TorchMatrix.view(rows, linalg)));
    }
}
