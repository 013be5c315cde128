package org.keeplora.torch.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.examples.Learner;
import org.keeplora.examples.Task;
import org.keeplora.method.Switches.StartB;
import org.keeplora.method.internal.LoraFactors;
import org.keeplora.method.internal.LoraStart;
import org.keeplora.method.internal.PrincipalSubspace;
import org.keeplora.method.internal.SecondMoment;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchMatrix;

/**
 * KeepLoRA beside a trainer on JavaCPP's PyTorch. Tensor and matrix share the memory of inputs and factors, and the
 * engine writes into the memory of the layers. {@link LinearImpl} stores Wᵀ [out x in], so a product reads a factor
 * transposed. Weight and gradient must be [in x out] matrices; for them {@link #transposed} makes a copy, once per
 * task.
 */
final class TorchLayers implements Learner {
    private static final int RANK = 12;
    private static final int STEPS = 200;
    private static final double RATE = 1;

    /** Factors as tensors in the matrices' memory; B is trained. */
    private record Adapter(Tensor a, Tensor b) {
        static Adapter of(LoraFactors factors) {
            return new Adapter(
                    TorchMatrix.view(factors.a()), TorchMatrix.view(factors.b()).requires_grad_(true));
        }

        Tensor forward(Tensor x) {
            return x.matmul(a).matmul(b);
        }
    }

    private final BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 2);
    private final List<LinearImpl> layers;
    private List<PrincipalSubspace> kept = List.of();
    private List<Adapter> adapters = List.of();

    TorchLayers(float[][] first, float[][] second) {
        this.layers = List.of(layer(first), layer(second));
    }

    private static LinearImpl layer(float[][] weight) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            LinearOptions options = new LinearOptions(weight.length, weight[0].length);
            options.bias().put(false);
            LinearImpl layer = new LinearImpl(options);
            layer.weight().copy_(tensor(weight).t());
            layer.retainReference();
            return layer;
        }
    }

    private static Tensor tensor(float[][] rows) {
        try (Matrix matrix = Matrix.copyOf(rows)) {
            return TorchMatrix.copyOf(matrix);
        }
    }

    /** The input of each layer, then the scores; with adapters y = x·W + (x·A)·B. */
    private List<Tensor> forward(Tensor x) {
        Tensor hidden = forward(0, x).tanh();
        return List.of(x, hidden, forward(1, hidden));
    }

    private Tensor forward(int layer, Tensor x) {
        Tensor y = layers.get(layer).forward(x);
        return adapters.isEmpty() ? y : y.add(adapters.get(layer).forward(x));
    }

    private Tensor loss(Task task) {
        return torch.cross_entropy(forward(tensor(task.inputs())).get(2), Tensors.ofInts(task.labels()));
    }

    private void train(Task task, List<Tensor> parameters) {
        try (PointerScope scope = new PointerScope()) {
            SGD optimizer = new SGD(new TensorVector(parameters.toArray(Tensor[]::new)), new SGDOptions(RATE));
            for (int step = 0; step < STEPS; step++) {
                try (PointerScope tensors = new PointerScope()) {
                    optimizer.zero_grad();
                    loss(task).backward();
                    optimizer.step();
                }
            }
        }
    }

    @Override
    public void fineTune(Task task) {
        train(task, layers.stream().map(LinearImpl::weight).toList());
    }

    @Override
    public void protect(Task task) {
        try (ResourceScope scope = new ResourceScope();
                PointerScope tensors = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            if (kept.isEmpty()) {
                List<Matrix> weights = scope.keep(
                        layers.stream().map(layer -> transposed(layer.weight())).toList());
                kept = PrincipalSubspace.ofWeights(linalg, weights, 0.3);
            }
            List<Tensor> inputs = forward(tensor(task.inputs()));
            List<SecondMoment.Update> samples = new ArrayList<>(); // once per batch
            List<PrincipalSubspace.Extension> extensions = new ArrayList<>();
            for (int layer = 0; layer < layers.size(); layer++) {
                PrincipalSubspace subspace = kept.get(layer);
                SecondMoment moment = scope.keep(new SecondMoment(linalg, subspace.in()));
                samples.add(new SecondMoment.Update(moment, scope.keep(TorchMatrix.view(inputs.get(layer), linalg))));
                extensions.add(new PrincipalSubspace.Extension(subspace, moment.value()));
            }
            SecondMoment.add(linalg, samples);
            PrincipalSubspace.extend(linalg, extensions, 0.999);
        }
    }

    /** A copy [in x out] of a tensor that PyTorch stores as [out x in]; valid in the caller's scope of tensors. */
    private Matrix transposed(Tensor stored) {
        return TorchMatrix.view(stored.t().contiguous(), linalg);
    }

    @Override
    public void learn(Task task) {
        try (ResourceScope scope = new ResourceScope();
                PointerScope tensors = new PointerScope()) {
            layers.forEach(layer -> layer.zero_grad(true));
            loss(task).backward();
            Random random = new Random(7);
            List<LoraStart> starts = new ArrayList<>();
            for (int layer = 0; layer < layers.size(); layer++) {
                Matrix gradient =
                        scope.keep(transposed(layers.get(layer).weight().grad()));
                starts.add(new LoraStart(kept.get(layer), gradient, random.nextLong()));
            }
            List<LoraFactors> start = scope.keep(LoraStart.factors(linalg, starts, RANK, StartB.GRADIENT));
            addToWeights(start, -1);
            adapters = start.stream().map(Adapter::of).toList();
            train(task, adapters.stream().map(Adapter::b).toList());
            adapters = List.of();
            addToWeights(start, 1); // B is trained now: tensor and matrix share memory
        }
    }

    /** W ← W + sign·A·B in the layers' own memory, which holds Wᵀ: Wᵀ ← Wᵀ + sign·Bᵀ·Aᵀ. */
    private void addToWeights(List<LoraFactors> factors, double sign) {
        List<Product> products = new ArrayList<>();
        try (ResourceScope scope = new ResourceScope()) {
            for (int i = 0; i < factors.size(); i++) {
                Matrix stored = scope.keep(TorchMatrix.view(layers.get(i).weight(), linalg));
                Operand a = Operand.transposed(factors.get(i).a());
                Operand b = Operand.transposed(factors.get(i).b());
                products.add(new Product(stored, sign, b, a, 1));
            }
            linalg.multiply(products);
        }
    }

    @Override
    public float[][] scores(Task task) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard();
                Matrix scores = TorchMatrix.view(forward(tensor(task.inputs())).get(2))) {
            return scores.toRows();
        }
    }

    @Override
    public void close() {
        kept.forEach(PrincipalSubspace::close);
        layers.forEach(LinearImpl::close);
        linalg.close();
    }
}
