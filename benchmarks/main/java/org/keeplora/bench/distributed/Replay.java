package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Replays one task on N processes, batch by batch and sum by sum, with the measured noise of one process. Without noise
 * the result equals {@link TaskCost}; with noise, processes wait for each other at every sum.
 */
final class Replay {
    private final Payload payload;
    private final TaskSize task;
    private final Costs costs;
    private final Cluster cluster;
    private final long seed;
    private final Clocks clocks;
    private final List<Bucket> buckets;
    private final Map<Stage, Seconds> stages = new EnumMap<>(Stage.class);
    /** Of the running stage: the time with an ideal division of the work and no noise between processes. */
    private double shared;

    private double redundant;

    private Replay(Payload payload, Costs costs, Cluster cluster, long seed) {
        this.payload = payload;
        this.task = payload.task();
        this.costs = costs;
        this.cluster = cluster;
        this.seed = seed;
        this.clocks = new Clocks(cluster.processes(), cluster.link());
        this.buckets = Bucket.of(payload.network(), task);
    }

    /**
     * The result of a replay.
     *
     * @param sentBytes bytes that each process sent
     * @param sums number of sums on the network
     */
    record Result(Map<Stage, Seconds> stages, double sentBytes, long sums) {
        Seconds total() {
            return Seconds.sum(stages.values());
        }

        /** Images per second of training, over all processes. */
        double imagesPerSecond(TaskSize task) {
            return (double) task.epochs()
                    * task.images()
                    / stages.get(Stage.TRAINING).total();
        }
    }

    /** Replays the whole task; the same seed gives the same noise. */
    static Result of(Payload payload, Costs costs, Cluster cluster, long seed) {
        Replay replay = new Replay(payload, costs, cluster, seed);
        replay.run();
        return new Result(replay.stages, replay.clocks.sentBytes(), replay.clocks.sums());
    }

    private void run() {
        stage(Stage.DECODING, this::decoding);
        stage(Stage.GRADIENT, this::gradient);
        stage(Stage.ADAPTER_START, () -> alike(costs.once().start() * cluster.computeSharing()));
        if (task.head()) {
            stage(Stage.CLASS_MEANS, () -> {
                images(costs.evaluation(), 0);
                payload.classMeans().forEach(clocks::sum);
            });
        }
        stage(Stage.TRAINING, this::training);
        stage(Stage.FEATURES, () -> {
            images(costs.features(), 0);
            prompts(costs.features());
        });
        stage(Stage.BASIS_GROWTH, () -> {
            clocks.sum(payload.secondMoments());
            alike(costs.once().growth() * cluster.computeSharing());
        });
        stage(Stage.EVALUATION, this::evaluation);
        stage(Stage.SAVING, () -> payload.saving(cluster.processes()).forEach(clocks::sum));
    }

    private void stage(Stage stage, Runnable work) {
        double begin = clocks.last();
        double delay = clocks.delay();
        double transfer = clocks.transfer();
        shared = 0;
        redundant = 0;
        work.run();
        clocks.meet();
        double itsDelay = clocks.delay() - delay;
        double itsTransfer = clocks.transfer() - transfer;
        double waiting = clocks.last() - begin - shared - redundant - itsDelay - itsTransfer;
        stages.put(stage, new Seconds(shared, redundant, waiting, itsDelay, itsTransfer));
    }

    /** Work that every process does in the same time. */
    private void alike(double seconds) {
        for (int process = 0; process < cluster.processes(); process++) {
            clocks.compute(process, seconds);
        }
        redundant += seconds;
    }

    private void decoding() {
        double image = costs.decode() * cluster.hostSharing();
        for (int process = 0; process < cluster.processes(); process++) {
            clocks.compute(process, image * cluster.localItems(task.images(), process));
        }
        shared += image * task.images() / cluster.processes();
        clocks.sum(payload.decoded());
    }

    /** The gradient pass: all images, and all class prompts once on every process. */
    private void gradient() {
        images(costs.gradient(), 1);
        alike(cluster.computeSharing() * costs.gradient().prompt() * task.classes());
        clocks.sum(payload.weightGradients());
    }

    private void training() {
        PassTime time = costs.training();
        Draws draws = draws(time);
        for (int batch : task.training()) {
            forward(time, batch, draws);
            clocks.begin(payload.outcome());
            backward(time, batch, draws);
            draws.next();
        }
    }

    /**
     * The fixed part of a batch, and its forward pass: text first, so that its sum can overlap with encoding the
     * images.
     */
    private void forward(PassTime time, int batch, Draws draws) {
        double noise = 0;
        for (int process = 0; process < cluster.processes(); process++) {
            noise += factor(draws, process) / cluster.processes();
            clocks.compute(process, factor(draws, process) * (time.fixed() + time.forward() * text(time, process)));
        }
        double features = payload.textFeatures().map(clocks::begin).orElse(0.0);
        for (int process = 0; process < cluster.processes(); process++) {
            clocks.compute(process, factor(draws, process) * time.forward() * vision(time, batch, process));
        }
        clocks.await(features);
        double prompts = time.prompt() * task.classes();
        double all = time.image() * batch + (payload.dividedPrompts() ? prompts : 0);
        shared += noise * all / cluster.processes();
        redundant += noise * (time.fixed() + (payload.dividedPrompts() ? 0 : prompts));
    }

    private void backward(PassTime time, int batch, Draws draws) {
        double[] vision = new double[cluster.processes()];
        double[] text = new double[cluster.processes()];
        for (int process = 0; process < cluster.processes(); process++) {
            double factor = factor(draws, process) * (1 - time.forward());
            vision[process] = factor * vision(time, batch, process);
            text[process] = factor * text(time, process);
        }
        double features = payload.textGradients().map(clocks::begin).orElse(0.0);
        clocks.backward(buckets, vision, features, text);
    }

    /** Seconds of a process's prompts, forward and backward. */
    private double text(PassTime time, int process) {
        return time.prompt() * classes(process);
    }

    /** Seconds of a process's images, forward and backward. */
    private double vision(PassTime time, int batch, int process) {
        return time.image() * cluster.localItemsWithGradient(batch, process);
    }

    private int classes(int process) {
        return payload.dividedPrompts() ? cluster.localItemsWithGradient(task.classes(), process) : task.classes();
    }

    /**
     * A pass over the training images.
     *
     * @param least least number of images of a batch on a process
     */
    private void images(PassTime time, int least) {
        Draws draws = draws(time);
        for (int batch : task.pass()) {
            imagesOnly(time, batch, least, draws);
            redundant += cluster.computeSharing() * time.fixed();
            draws.next();
        }
    }

    /** The class prompts in one forward pass, always divided. */
    private void prompts(PassTime time) {
        for (int process = 0; process < cluster.processes(); process++) {
            double own = time.prompt() * cluster.localItems(task.classes(), process);
            clocks.compute(process, cluster.computeSharing() * (time.fixed() + own));
        }
        shared += cluster.computeSharing() * time.prompt() * task.classes() / cluster.processes();
        redundant += cluster.computeSharing() * time.fixed();
    }

    private void evaluation() {
        PassTime time = costs.evaluation();
        Draws draws = draws(time);
        int images = task.tests().images();
        testPrompts(cluster.computeSharing() * time.prompt());
        int whole = task.batch() * cluster.processes();
        for (int first = 0; first < images; first += whole) {
            imagesOnly(time, Math.min(whole, images - first), 0, draws);
            redundant += cluster.computeSharing() * time.fixed();
            draws.next();
        }
        payload.evaluation().forEach(clocks::sum);
    }

    private void testPrompts(double prompt) {
        int prompts = task.tests().prompts();
        if (!payload.dividedPrompts()) {
            alike(prompt * prompts);
            return;
        }
        for (int process = 0; process < cluster.processes(); process++) {
            clocks.compute(process, prompt * cluster.localItems(prompts, process));
        }
        shared += prompt * prompts / cluster.processes();
    }

    /** A batch without prompts; a process without images does nothing. */
    private void imagesOnly(PassTime time, int batch, int least, Draws draws) {
        for (int process = 0; process < cluster.processes(); process++) {
            int own = Math.max(least, cluster.localItems(batch, process));
            clocks.compute(process, own == 0 ? 0 : factor(draws, process) * time.seconds(own, 0));
        }
        shared += cluster.computeSharing() * time.image() * batch / cluster.processes();
    }

    private double factor(Draws draws, int process) {
        return cluster.computeSharing() * draws.of(process);
    }

    private Draws draws(PassTime time) {
        return new Draws(time.noise(), cluster.processes(), seed);
    }

    /**
     * Measured noise, replayed repeatedly by every process in its own order; process 0 uses the order of measurement.
     */
    private static final class Draws {
        private final List<List<Double>> orders = new ArrayList<>();
        private int step;

        Draws(List<Double> noise, int processes, long seed) {
            for (int process = 0; process < processes; process++) {
                List<Double> order = new ArrayList<>(noise);
                if (process > 0) {
                    Collections.shuffle(order, new Random(seed + process));
                }
                orders.add(order);
            }
        }

        /** The factor by which this batch takes longer on {@code process} than by the formula. */
        double of(int process) {
            List<Double> order = orders.get(process);
            return order.get(step % order.size());
        }

        /** Advances to the next batch. */
        void next() {
            step++;
        }
    }
}
