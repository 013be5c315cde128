package org.keeplora.bench.ranks;

import java.util.ArrayList;
import java.util.List;

/**
 * What one rank of several gives to collectives in one task of KeepLoRA; a run of one process gives nothing.
 *
 * @param sharedPrompts whether every rank encodes its part of the class prompts, instead of all of them
 */
record Payload(Network network, TaskSize task, boolean sharedPrompts) {
    /** What the program does now. */
    static final boolean PROMPTS_ARE_SHARED = false;

    private static final int SHA_256_BYTES = 32;

    /** Of the text features of a batch, and of their gradients; none where every rank has all prompts. */
    List<Collective> prompts() {
        if (!sharedPrompts) {
            return List.of();
        }
        long bytes = (long) Float.BYTES * task.classes() * network.embedding();
        return List.of(
                new Collective("text features", "train.Objective", 1, bytes),
                new Collective("their gradients", "train.Objective", 1, bytes));
    }

    /** Of B's gradients, overlapped with the backward pass. */
    Collective gradients() {
        List<Bucket> buckets = Bucket.of(network, task);
        long bytes = buckets.stream().mapToLong(Bucket::bytes).sum();
        return new Collective("gradients of B", "ranks.ReducedGradients", buckets.size(), bytes);
    }

    /** After the backward pass of a step. */
    List<Collective> afterBackward() {
        return List.of(
                new Collective("loss", "train.OneCycleAdamW", 1, Double.BYTES),
                new Collective("wish to save or stop", "train.SharedCheckpoints", 1, 2L * Long.BYTES));
    }

    /** All of one step of training. */
    List<Collective> step() {
        List<Collective> all = new ArrayList<>(prompts());
        all.add(gradients());
        all.addAll(afterBackward());
        return all;
    }

    /** G of every site, after the gradient pass. */
    Collective weightGradients() {
        Transformer vision = network.vision();
        Transformer text = network.text();
        return new Collective(
                "gradient of the weights",
                "train.GradientEstimator",
                vision.sites() + text.sites(),
                Float.BYTES * (vision.weights() + text.weights()));
    }

    /** C of every distinct input, after the feature pass. */
    Collective secondMoments() {
        Transformer vision = network.vision();
        Transformer text = network.text();
        return new Collective(
                "second moments",
                "train.FeatureCollector",
                vision.inputs() + text.inputs(),
                Double.BYTES * (vision.moments() + text.moments()));
    }

    /** Of the cosine head's start; empty without one. */
    List<Collective> classMeans() {
        long bytes = (long) Float.BYTES * task.classes() * network.embedding();
        return task.head() ? List.of(new Collective("class means", "train.ClassMeans", 1, bytes)) : List.of();
    }

    /** Right answers on every test set. */
    Collective evaluation() {
        return new Collective(
                "right answers",
                "train.Evaluator",
                1,
                (long) Long.BYTES * task.tests().sets());
    }

    /** Of the state that is saved after a task, which must be the same on all {@code ranks}. */
    List<Collective> saving(int ranks) {
        return List.of(
                new Collective("digest of the state", "train.SharedCheckpoints", 1, (long) SHA_256_BYTES * ranks),
                new Collective("wish to save or stop", "train.SharedCheckpoints", 1, 2L * Long.BYTES));
    }

    /** All of a task but the steps and the gradient pass's prompts. */
    List<Collective> once(int ranks) {
        List<Collective> all = new ArrayList<>();
        all.add(weightGradients());
        all.addAll(classMeans());
        all.add(secondMoments());
        all.add(evaluation());
        all.addAll(saving(ranks));
        return all;
    }

    /** Before the first task: what must be the same, what was saved, the zero-shot row, and the state with its wish. */
    List<Collective> start(int ranks) {
        List<Collective> all = new ArrayList<>();
        for (String what : List.of("digest of the configuration", "digest of the model", "digest of the data")) {
            all.add(new Collective(what, "cli.Running, cli.SameInputs", 1, (long) SHA_256_BYTES * ranks));
        }
        all.add(new Collective("length of the saved state", "train.SharedCheckpoints", 1, Long.BYTES));
        all.add(evaluation());
        all.addAll(saving(ranks));
        return all;
    }

    /** Bytes of a task: its steps, the prompts of its gradient pass, and what is summed once. */
    long taskBytes(int ranks) {
        return task.training().size() * bytes(step()) + task.pass().size() * bytes(prompts()) + bytes(once(ranks));
    }

    /** Calls of a task, as the program counts them. */
    long taskCalls(int ranks) {
        return (long) task.training().size() * step().size()
                + (long) task.pass().size() * prompts().size()
                + once(ranks).size();
    }

    static long bytes(List<Collective> collectives) {
        return collectives.stream().mapToLong(Collective::bytes).sum();
    }

    static int sums(List<Collective> collectives) {
        return collectives.stream().mapToInt(Collective::sums).sum();
    }
}
