package org.keeplora.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.training.GradientCollector;
import ai.djl.training.Trainer;
import ai.djl.training.dataset.Batch;
import ai.djl.training.dataset.Dataset;
import ai.djl.translate.TranslateException;
import java.io.IOException;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.Inputs;
import org.keeplora.learner.Site;

/** One pass of a trainer's model over a data set, which changes no parameter. */
final class TrainerPass {
    private final Trainer trainer;
    private final Dataset data;
    private final LinearSites sites;

    TrainerPass(Trainer trainer, Dataset data, LinearSites sites) {
        this.trainer = trainer;
        this.data = data;
        this.sites = sites;
    }

    /** Adds the gradient of the trainer's loss with respect to every site's weight, batch by batch. */
    void add(Gradients gradients) throws IOException, TranslateException {
        try (Frozen others = Frozen.allBut(trainer.getModel().getBlock(), sites.weights())) {
            try {
                clearGradients();
                for (Batch batch : trainer.iterateDataset(data)) {
                    try (batch) {
                        backward(batch);
                        sites.byName().keySet().forEach(site -> add(site, gradients, batch.getManager()));
                    }
                }
            } finally {
                clearGradients();
            }
        }
    }

    private void backward(Batch batch) {
        try (GradientCollector collector = trainer.newGradientCollector()) {
            collector.backward(
                    trainer.getLoss().evaluate(batch.getLabels(), trainer.forward(batch.getData(), batch.getLabels())));
        }
    }

    /** DJL stores a weight as [out x in] and adds to its gradient until that is cleared. */
    private void add(String site, Gradients gradients, NDManager scratch) {
        NDArray gradient = gradient(site, scratch);
        gradients.add(site, DjlMatrix.values(gradient, scratch).transposed());
        clear(gradient);
    }

    private NDArray gradient(String site, NDManager scratch) {
        NDArray gradient = sites.weight(site).getGradient();
        gradient.attach(scratch);
        return gradient;
    }

    private static void clear(NDArray gradient) {
        gradient.set(new NDIndex("..."), 0); // also what is not finite
    }

    private void clearGradients() {
        try (NDManager scratch = sites.scratch()) {
            sites.byName().keySet().forEach(site -> clear(gradient(site, scratch)));
        }
    }

    /** Adds what every site reads, batch by batch, with the model as it is evaluated. */
    void add(Inputs inputs, Collection<Site> growing) throws IOException, TranslateException {
        Set<String> read = new HashSet<>();
        try {
            for (Site site : growing) {
                if (read.add(site.input())) {
                    sites.of(site.name())
                            .readInputs(x -> inputs.add(site.input(), DjlMatrix.values(x, x.getManager())));
                }
            }
            for (Batch batch : trainer.iterateDataset(data)) {
                try (batch) {
                    trainer.evaluate(batch.getData());
                }
            }
        } finally {
            sites.byName().values().forEach(KeepLoraLinear::stopReadingInputs);
        }
    }
}
