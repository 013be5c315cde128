package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Seconds of one task on N processes, in closed form and without noise: divided work / N + work that all processes
 * repeat + waiting for process 0, which has the largest part of everything, + sums that do not overlap with the
 * backward pass.
 */
record TaskCost(Payload payload, Costs costs, Cluster cluster) {
    /** Seconds of every stage; class means only when a head is trained. */
    Map<Stage, Seconds> stages() {
        TaskSize task = payload.task();
        Map<Stage, Seconds> stages = new EnumMap<>(Stage.class);
        stages.put(Stage.DECODING, decoding().plus(wire(List.of(payload.decoded()))));
        stages.put(Stage.GRADIENT, gradient().plus(wire(List.of(payload.weightGradients()))));
        stages.put(Stage.ADAPTER_START, redundant(costs.once().start() * cluster.computeSharing()));
        if (task.head()) {
            stages.put(Stage.CLASS_MEANS, imagesOnly(costs.evaluation(), 0).plus(wire(payload.classMeans())));
        }
        stages.put(Stage.TRAINING, training());
        stages.put(Stage.FEATURES, imagesOnly(costs.features(), 0).plus(promptsOnce(costs.features())));
        stages.put(
                Stage.BASIS_GROWTH,
                redundant(costs.once().growth() * cluster.computeSharing())
                        .plus(wire(List.of(payload.secondMoments()))));
        stages.put(Stage.EVALUATION, evaluation().plus(wire(payload.evaluation())));
        stages.put(Stage.SAVING, wire(payload.saving(cluster.processes())));
        return stages;
    }

    Seconds total() {
        return Seconds.sum(stages().values());
    }

    /** Images per second of training, over all processes. */
    double imagesPerSecond() {
        TaskSize task = payload.task();
        return (double) task.epochs() * task.images() / training().total();
    }

    private static Seconds redundant(double seconds) {
        return new Seconds(0, seconds, 0, 0, 0);
    }

    /** Sums that do not overlap with a computation. */
    private Seconds wire(List<Collective> collectives) {
        double delay = collectives.stream()
                .mapToDouble(c -> c.delay(cluster.link(), cluster.processes()))
                .sum();
        double transfer = collectives.stream()
                .mapToDouble(c -> c.transfer(cluster.link(), cluster.processes()))
                .sum();
        return new Seconds(0, 0, 0, delay, transfer);
    }

    private Seconds decoding() {
        double image = costs.decode() * cluster.hostSharing();
        int images = payload.task().images();
        double shared = image * images / cluster.processes();
        return new Seconds(shared, 0, image * cluster.localItems(images, 0) - shared, 0, 0);
    }

    /** The gradient pass: all images, and all class prompts once on every process. */
    private Seconds gradient() {
        double prompts = costs.gradient().prompt() * payload.task().classes();
        return imagesOnly(costs.gradient(), 1).plus(redundant(prompts * cluster.computeSharing()));
    }

    private Seconds training() {
        List<Bucket> buckets = Bucket.of(payload.network(), payload.task());
        List<Collective> outcome = List.of(payload.outcome());
        return overPass(batch ->
                        batch(costs.training(), batch).plus(exposed(costs.training(), batch, outcome, buckets)))
                .times(payload.task().epochs());
    }

    /** The full batches, and the last, shorter one. */
    private Seconds overPass(IntFunction<Seconds> ofBatch) {
        TaskSize task = payload.task();
        int rest = task.images() % task.batch();
        int whole = task.images() / task.batch();
        Seconds wholes = whole == 0 ? Seconds.NONE : ofBatch.apply(task.batch()).times(whole);
        return rest == 0 ? wholes : wholes.plus(ofBatch.apply(rest));
    }

    /** One batch with gradients, without sums. */
    private Seconds batch(PassTime time, int batch) {
        double processes = cluster.processes();
        double prompts = time.prompt() * payload.task().classes();
        double shared = (time.image() * batch + (payload.dividedPrompts() ? prompts : 0)) / processes;
        double redundant = time.fixed() + (payload.dividedPrompts() ? 0 : prompts);
        double last = time.seconds(cluster.localItemsWithGradient(batch, 0), promptsOfFirst());
        return new Seconds(shared, redundant, last - shared - redundant, 0, 0).times(cluster.computeSharing());
    }

    private int promptsOfFirst() {
        int classes = payload.task().classes();
        return payload.dividedPrompts() ? cluster.localItemsWithGradient(classes, 0) : classes;
    }

    /**
     * The part of a batch's sums that does not overlap. Process 0 is the last everywhere; it waits for the text
     * features after the images' forward pass, for their gradients after the images' backward pass, and for all other
     * sums at the end.
     *
     * @param before sums begun before the backward pass
     */
    private Seconds exposed(PassTime time, int batch, List<Collective> before, List<Bucket> buckets) {
        double images = time.image() * cluster.localItemsWithGradient(batch, 0) * cluster.computeSharing();
        double prompts = time.prompt() * promptsOfFirst() * cluster.computeSharing();
        double vision = (1 - time.forward()) * images;
        double text = (1 - time.forward()) * prompts;
        List<Collective> features = payload.textFeatures().stream().toList();
        Seconds left = left(seconds(features) - time.forward() * images, features);

        List<Collective> begun = new ArrayList<>(before);
        double textBegin = vision;
        double network = seconds(begun);
        if (payload.dividedPrompts()) {
            begun.addAll(payload.textGradients().stream().toList());
            network = seconds(begun);
            left = left.plus(left(network - vision, begun));
            textBegin = Math.max(vision, network);
        }
        begun.clear();
        for (Bucket bucket : buckets) {
            network = Math.max(network, bucket.ready(0, vision, textBegin, text))
                    + cluster.link().sum(bucket.bytes(), cluster.processes());
            begun.add(bucket.sum());
        }
        return left.plus(left(network - textBegin - text, begun));
    }

    private double seconds(List<Collective> collectives) {
        return wire(collectives).total();
    }

    /** {@code exposed} seconds of sums, if positive. */
    private Seconds left(double exposed, List<Collective> of) {
        double all = seconds(of);
        return all == 0 ? Seconds.NONE : wire(of).times(Math.max(0, exposed) / all);
    }

    /**
     * A pass over the training images.
     *
     * @param least least number of images of a batch on a process
     */
    private Seconds imagesOnly(PassTime time, int least) {
        return overPass(batch -> {
                    double shared = time.image() * batch / cluster.processes();
                    double last = time.image() * Math.max(least, cluster.localItems(batch, 0));
                    return new Seconds(shared, time.fixed(), last - shared, 0, 0);
                })
                .times(cluster.computeSharing());
    }

    /** The class prompts in one forward pass, always divided. */
    private Seconds promptsOnce(PassTime time) {
        double classes = payload.task().classes();
        double shared = time.prompt() * classes / cluster.processes();
        double last = time.prompt() * cluster.localItems((int) classes, 0);
        return new Seconds(shared, time.fixed(), last - shared, 0, 0).times(cluster.computeSharing());
    }

    private Seconds evaluation() {
        TaskSize.Tests tests = payload.task().tests();
        PassTime time = costs.evaluation();
        double prompts = time.prompt() * tests.prompts();
        double shared =
                (time.image() * tests.images() + (payload.dividedPrompts() ? prompts : 0)) / cluster.processes();
        int own = cluster.localItems(tests.images(), 0);
        double redundant = time.fixed() * batches(own) + (payload.dividedPrompts() ? 0 : prompts);
        double last = time.fixed() * batches(own) + time.image() * own + time.prompt() * testPrompts();
        return new Seconds(shared, redundant, last - shared - redundant, 0, 0).times(cluster.computeSharing());
    }

    private int testPrompts() {
        int prompts = payload.task().tests().prompts();
        return payload.dividedPrompts() ? cluster.localItems(prompts, 0) : prompts;
    }

    private double batches(int images) {
        return Math.ceil((double) images / payload.task().batch());
    }
}
