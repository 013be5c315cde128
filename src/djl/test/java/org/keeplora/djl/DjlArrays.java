package org.keeplora.djl;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.training.GradientCollector;
import ai.djl.training.loss.Loss;
import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Operand;
import org.keeplora.engine.Product;
import org.keeplora.engine.Scope;
import org.keeplora.examples.Learner;
import org.keeplora.examples.Task;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.method.SecondMoment;
import org.keeplora.method.Switches.StartB;

/**
 * KeepLoRA beside a trainer on DJL's arrays, whose weights are [in x out]. Nothing is copied between array and matrix.
 *
 * <p>DJL's {@code Linear} block stores [out x in]. With it, {@code weight.transpose()} before
 * {@link DjlMatrix#view(NDArray)} makes DJL copy, once per task.
 */
final class DjlArrays implements Learner {
    private static final int RANK = 12;
    private static final int STEPS = 200;
    private static final float RATE = 1;

    private final Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
    private final NDManager manager = NDManager.newBaseManager();
    private final List<NDArray> weights;
    private List<PrincipalSubspace> kept = List.of();
    private List<NDArray> as = List.of();
    private List<NDArray> bs = List.of();

    DjlArrays(float[][] first, float[][] second) {
        this.weights = List.of(manager.create(first), manager.create(second));
    }

    /** The input of each layer, then the scores. */
    private List<NDArray> forward(NDArray x) {
        NDArray hidden = forward(0, x).tanh();
        return List.of(x, hidden, forward(1, hidden));
    }

    private NDArray forward(int layer, NDArray x) {
        NDArray y = x.matMul(weights.get(layer));
        return as.isEmpty() ? y : y.add(x.matMul(as.get(layer)).matMul(bs.get(layer)));
    }

    /** Gradients of the mean loss with respect to {@code parameters}; owned by {@code step}. */
    private List<NDArray> gradients(Task task, List<NDArray> parameters, NDManager step) {
        parameters.forEach(parameter -> parameter.setRequiresGradient(true));
        try (GradientCollector collector = Engine.getInstance().newGradientCollector()) {
            NDList scores = new NDList(forward(step.create(task.inputs())).get(2));
            collector.backward(Loss.softmaxCrossEntropyLoss().evaluate(new NDList(step.create(task.labels())), scores));
        }
        List<NDArray> gradients = new ArrayList<>();
        for (NDArray parameter : parameters) {
            NDArray accumulated = parameter.getGradient();
            accumulated.attach(step);
            gradients.add(accumulated.duplicate());
            accumulated.subi(accumulated);
            parameter.setRequiresGradient(false);
        }
        return gradients;
    }

    private void train(Task task, List<NDArray> parameters) {
        for (int i = 0; i < STEPS; i++) {
            try (NDManager step = manager.newSubManager()) {
                List<NDArray> gradients = gradients(task, parameters, step);
                for (int p = 0; p < parameters.size(); p++) {
                    parameters.get(p).subi(gradients.get(p).mul(RATE));
                }
            }
        }
    }

    @Override
    public void fineTune(Task task) {
        train(task, weights);
    }

    @Override
    public void protect(Task task) {
        try (NDManager arrays = manager.newSubManager();
                Scope scope = new Scope()) {
            if (kept.isEmpty()) {
                List<Matrix> views =
                        scope.keep(weights.stream().map(DjlMatrix::view).toList());
                kept = PrincipalSubspace.ofWeights(linalg, views, 0.3);
            }
            List<NDArray> inputs = forward(arrays.create(task.inputs()));
            List<SecondMoment.Update> samples = new ArrayList<>();
            List<PrincipalSubspace.Extension> extensions = new ArrayList<>();
            for (int layer = 0; layer < kept.size(); layer++) {
                PrincipalSubspace subspace = kept.get(layer);
                SecondMoment moment = scope.keep(new SecondMoment(linalg, subspace.in()));
                samples.add(new SecondMoment.Update(moment, scope.keep(DjlMatrix.view(inputs.get(layer)))));
                extensions.add(new PrincipalSubspace.Extension(subspace, moment.value()));
            }
            SecondMoment.add(linalg, samples);
            PrincipalSubspace.extend(linalg, extensions, 0.999);
        }
    }

    @Override
    public void learn(Task task) {
        try (Scope scope = new Scope();
                NDManager arrays = manager.newSubManager()) {
            List<NDArray> gradients = gradients(task, weights, arrays);
            List<LoraStart> problems = new ArrayList<>();
            for (int layer = 0; layer < kept.size(); layer++) {
                problems.add(new LoraStart(kept.get(layer), scope.keep(DjlMatrix.view(gradients.get(layer))), layer));
            }
            List<LoraFactors> starts = scope.keep(LoraStart.factors(linalg, problems, RANK, StartB.GRADIENT));
            change(starts, -1);
            as = starts.stream().map(start -> DjlMatrix.view(start.a(), arrays)).toList();
            bs = starts.stream().map(start -> DjlMatrix.view(start.b(), arrays)).toList();
            train(task, bs);
            as = List.of();
            bs = List.of();
            change(starts, 1); // B is trained now: array and matrix share memory
        }
    }

    /** W ← W + sign·A·B in the arrays' own memory. */
    private void change(List<LoraFactors> factors, double sign) {
        for (int i = 0; i < factors.size(); i++) {
            LoraFactors change = factors.get(i);
            try (Matrix weight = DjlMatrix.view(weights.get(i))) {
                linalg.multiply(List.of(new Product(Operand.of(change.a()), Operand.of(change.b()), weight, sign, 1)));
            }
        }
    }

    @Override
    public float[][] scores(Task task) {
        try (NDManager arrays = manager.newSubManager();
                Matrix scores =
                        DjlMatrix.view(forward(arrays.create(task.inputs())).get(2))) {
            return scores.toRows();
        }
    }

    @Override
    public void close() {
        kept.forEach(PrincipalSubspace::close);
        manager.close();
        linalg.close();
    }
}
