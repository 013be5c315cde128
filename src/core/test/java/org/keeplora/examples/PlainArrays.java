package org.keeplora.examples;

import java.util.List;
import org.keeplora.engine.BackendChoice;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.Inputs;
import org.keeplora.learner.SiteAdapter;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.learner.Values;

/** KeepLoRA beside a trainer on float[][]. {@link PlainNetwork} is the trainer and does not know KeepLoRA. */
final class PlainArrays implements Learner {
    private static final List<String> LAYERS = List.of("hidden", "scores");

    private final PlainNetwork network;
    private final ContinualLearner learner;
    private boolean knowsWeights;

    PlainArrays(float[][] first, float[][] second) {
        this.network = new PlainNetwork(first, second);
        this.learner = ContinualLearner.builder()
                .site("hidden", Task.IN, TwoTasksContract.HIDDEN)
                .site("scores", TwoTasksContract.HIDDEN, Task.CLASSES)
                .rank(12)
                .alpha(12)
                .weightEnergy(0.3)
                .featureEnergy(0.999)
                .seed(7)
                .backend(BackendChoice.CPU, 2)
                .build();
    }

    private PlainNetwork.Layer layer(String site) {
        return network.layers().get(LAYERS.indexOf(site));
    }

    @Override
    public void fineTune(Task task) {
        network.train(task);
    }

    @Override
    public void protect(Task task) {
        if (!knowsWeights) {
            learner.protectWeights(site -> Values.of(layer(site).weight));
            knowsWeights = true;
        }
        try (Inputs inputs = learner.inputs()) {
            List<float[][]> seen = network.inputs(task.inputs());
            LAYERS.forEach(site -> inputs.add(site, seen.get(LAYERS.indexOf(site))));
            learner.end(inputs);
        }
    }

    @Override
    public void learn(Task task) {
        try (Gradients gradients = learner.gradients()) {
            List<float[][]> means = network.gradients(task);
            LAYERS.forEach(site -> gradients.add(site, means.get(LAYERS.indexOf(site))));
            try (TaskAdapters adapters = learner.begin(gradients)) {
                for (SiteAdapter adapter : adapters) {
                    PlainNetwork.Layer layer = layer(adapter.site().name());
                    adapter.attachTo(Values.of(layer.weight));
                    layer.attach(adapter.a().toRows(), adapter.b().toRows());
                }
                network.train(task);
                for (SiteAdapter adapter : adapters) {
                    PlainNetwork.Layer layer = layer(adapter.site().name());
                    adapter.trained(Values.of(layer.detach()));
                    adapter.mergeInto(Values.of(layer.weight));
                }
            }
        }
    }

    @Override
    public float[][] scores(Task task) {
        return network.scores(task.inputs());
    }

    @Override
    public void close() {
        learner.close();
    }
}
