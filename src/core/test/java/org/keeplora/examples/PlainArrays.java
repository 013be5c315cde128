package org.keeplora.examples;

import java.util.List;
import java.util.Random;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Scope;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.method.RankRule;
import org.keeplora.method.SecondMoment;
import org.keeplora.method.StartB;
import org.keeplora.method.WeightBasisSide;

/** KeepLoRA beside a trainer on float[][]; {@link PlainNetwork} is that trainer and knows nothing of it. */
final class PlainArrays implements Learner {
    private static final int RANK = 12;

    private final PlainNetwork network;
    private final Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
    private List<PrincipalSubspace> kept = List.of();

    PlainArrays(float[][] first, float[][] second) {
        this.network = new PlainNetwork(first, second);
    }

    @Override
    public void fineTune(Task task) {
        network.train(task);
    }

    @Override
    public void protect(Task task) {
        try (Scope scope = new Scope()) {
            if (kept.isEmpty()) {
                List<Matrix> weights = scope.keep(network.layers().stream()
                        .map(layer -> Matrix.copyOf(layer.weight))
                        .toList());
                kept = PrincipalSubspace.ofWeights(linalg, weights, WeightBasisSide.INPUT, RankRule.REACHING, 0.3);
            }
            List<Matrix> inputs = scope.keep(
                    network.inputs(task.inputs()).stream().map(Matrix::copyOf).toList());
            List<SecondMoment> moments = scope.keep(inputs.stream()
                    .map(input -> new SecondMoment(linalg, input.cols()))
                    .toList());
            SecondMoment.add(linalg, moments, inputs);
            PrincipalSubspace.extend(
                    linalg, kept, moments.stream().map(SecondMoment::value).toList(), 0.999);
        }
    }

    @Override
    public void learn(Task task) {
        try (Scope scope = new Scope()) {
            List<Matrix> gradients = scope.keep(
                    network.gradients(task).stream().map(Matrix::copyOf).toList());
            long[] seeds = new Random(7).longs(kept.size()).toArray();
            List<LoraFactors> starts = scope.keep(LoraStart.of(linalg, kept, gradients, RANK, StartB.GRADIENT, seeds));
            for (int i = 0; i < starts.size(); i++) {
                LoraFactors start = starts.get(i);
                network.layers().get(i).attach(start.a().toRows(), start.b().toRows());
            }
        }
        network.train(task);
        network.layers().forEach(PlainNetwork.Layer::merge);
    }

    @Override
    public float[][] scores(Task task) {
        return network.scores(task.inputs());
    }

    @Override
    public void close() {
        kept.forEach(PrincipalSubspace::close);
        linalg.close();
    }
}
