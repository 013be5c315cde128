package org.keeplora.examples;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Scope;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.method.SecondMoment;
import org.keeplora.method.Switches.StartB;

/** KeepLoRA beside a trainer on float[][]. {@link PlainNetwork} is the trainer and does not know KeepLoRA. */
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
                kept = PrincipalSubspace.ofWeights(linalg, weights, 0.3);
            }
            List<float[][]> inputs = network.inputs(task.inputs());
            List<SecondMoment.Update> samples = new ArrayList<>();
            List<PrincipalSubspace.Extension> extensions = new ArrayList<>();
            for (int layer = 0; layer < kept.size(); layer++) {
                PrincipalSubspace subspace = kept.get(layer);
                SecondMoment moment = scope.keep(new SecondMoment(linalg, subspace.in()));
                samples.add(new SecondMoment.Update(moment, scope.keep(Matrix.copyOf(inputs.get(layer)))));
                extensions.add(new PrincipalSubspace.Extension(subspace, moment.value()));
            }
            SecondMoment.add(linalg, samples);
            PrincipalSubspace.extend(linalg, extensions, 0.999);
        }
    }

    @Override
    public void learn(Task task) {
        try (Scope scope = new Scope()) {
            List<float[][]> gradients = network.gradients(task);
            Random random = new Random(7);
            List<LoraStart> starts = new ArrayList<>();
            for (int layer = 0; layer < kept.size(); layer++) {
                Matrix gradient = scope.keep(Matrix.copyOf(gradients.get(layer)));
                starts.add(new LoraStart(kept.get(layer), gradient, random.nextLong()));
            }
            List<LoraFactors> factors = scope.keep(LoraStart.factors(linalg, starts, RANK, StartB.GRADIENT));
            for (int layer = 0; layer < factors.size(); layer++) {
                LoraFactors start = factors.get(layer);
                network.layers().get(layer).attach(start.a().toRows(), start.b().toRows());
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
