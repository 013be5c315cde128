package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.List;

/**
 * Gradients that are sent together, as soon as the backward pass has finished them.
 *
 * @param bytes float32 gradients
 * @param vision part of the vision tower's backward pass that is finished by then
 * @param text the same for the text tower, whose backward pass comes later
 */
record Bucket(long bytes, double vision, double text) {
    private static final long FIRST_BYTES = 1L << 20;
    private static final long BYTES = 25L << 20;

    /** One trained tensor, and the parts of the backward passes that are finished when its gradient is ready. */
    private record Parameter(long bytes, double vision, double text) {}

    /**
     * The buckets as ReducedGradients fills them, the last parameter first: the head, the vision tower's blocks, the
     * text tower's blocks.
     */
    static List<Bucket> of(Network network, TaskSize task) {
        List<Bucket> buckets = new ArrayList<>();
        long bytes = 0;
        long room = FIRST_BYTES;
        List<Parameter> parameters = lastFirst(network, task);
        for (int i = 0; i < parameters.size(); i++) {
            Parameter parameter = parameters.get(i);
            bytes += parameter.bytes();
            if (bytes >= room || i == parameters.size() - 1) {
                buckets.add(new Bucket(bytes, parameter.vision(), parameter.text()));
                bytes = 0;
                room = BYTES;
            }
        }
        return buckets;
    }

    private static List<Parameter> lastFirst(Network network, TaskSize task) {
        List<Parameter> parameters = new ArrayList<>();
        if (task.head()) {
            parameters.add(new Parameter(network.featureBytes(task.classes()), 0, 0));
        }
        Network.TowerSize vision = network.vision();
        for (int site = 0; site < vision.sites(); site++) {
            parameters.add(new Parameter(network.factorBytes(vision), blocksDone(vision, site), 0));
        }
        Network.TowerSize text = network.text();
        for (int site = 0; site < text.sites(); site++) {
            parameters.add(new Parameter(network.factorBytes(text), 1, blocksDone(text, site)));
        }
        return parameters;
    }

    private static double blocksDone(Network.TowerSize tower, int site) {
        return (site / Network.TowerSize.SITES_A_BLOCK + 1.0) / tower.blocks();
    }

    /** The sum of the bucket over the process group. */
    Collective sum() {
        return Collective.one("a bucket", "distributed.ReducedGradients", bytes);
    }

    /**
     * The time at which its gradients are ready.
     *
     * @param begin start of the backward pass
     * @param visionSeconds duration of the vision tower's part, which comes first
     * @param textBegin start of the text tower's part
     */
    double ready(double begin, double visionSeconds, double textBegin, double textSeconds) {
        return text == 0 ? begin + vision * visionSeconds : textBegin + text * textSeconds;
    }
}
