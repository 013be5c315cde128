package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The payload that one of several processes contributes to collectives in one task of KeepLoRA; a run of one process
 * contributes nothing.
 *
 * @param dividedPrompts whether each process encodes its part of the class prompts, or all of them
 */
record Payload(Network network, TaskSize task, boolean dividedPrompts) {
    /** The value of FEWEST_TO_DIVIDE in train.Objective. */
    private static final int FEWEST_PROMPTS_TO_DIVIDE = 32;

    private static final int SHA_256_BYTES = 32;
    /** A loss and two votes. */
    private static final long OUTCOME_BYTES = 3L * Double.BYTES;

    /** The payload of the program, if every test set has as many classes as the task. */
    static Payload ofProgram(Network network, TaskSize task) {
        return new Payload(network, task, task.classes() >= FEWEST_PROMPTS_TO_DIVIDE);
    }

    /** The decoded training images, each decoded by one process; without a cache of decoded images. */
    Collective decoded() {
        return Collective.one("decoded images", "train.Decoding", task.images() * network.imageBytes());
    }

    /**
     * The text features of a batch, overlapped with the images' forward pass; empty when every process has all prompts.
     */
    Optional<Collective> textFeatures() {
        return ofPrompts("text features", "train.PromptFeatures");
    }

    /**
     * The gradients of the text features, overlapped with the images' backward pass; empty when every process has all
     * prompts.
     */
    Optional<Collective> textGradients() {
        return ofPrompts("their gradients", "distributed.GatheredRows");
    }

    private Optional<Collective> ofPrompts(String what, String source) {
        return dividedPrompts
                ? Optional.of(Collective.one(what, source, network.featureBytes(task.classes())))
                : Optional.empty();
    }

    /** B's gradients, overlapped with the backward pass. */
    Collective gradients() {
        List<Bucket> buckets = Bucket.of(network, task);
        long bytes = buckets.stream().mapToLong(Bucket::bytes).sum();
        return new Collective("gradients of B", "distributed.ReducedGradients", 1, buckets.size(), bytes);
    }

    /** The outcome of a step, exchanged between processes, overlapped with the backward pass. */
    Collective outcome() {
        return Collective.one("loss, and request to save or stop", "train.StepOutcome", OUTCOME_BYTES);
    }

    /** All collectives of one training step. */
    List<Collective> step() {
        List<Collective> all = new ArrayList<>();
        textFeatures().ifPresent(all::add);
        textGradients().ifPresent(all::add);
        all.add(outcome());
        all.add(gradients());
        return all;
    }

    /**
     * G of the vision tower's sites and of the text features, after the gradient pass; each process computes the rest
     * from these.
     */
    Collective weightGradients() {
        return Collective.one(
                "gradient of the weights",
                "train.GradientEstimator",
                Float.BYTES * network.vision().weights() + network.featureBytes(task.classes()));
    }

    /** C of every distinct input, after the feature pass. */
    Collective secondMoments() {
        Network.TowerSize vision = network.vision();
        Network.TowerSize text = network.text();
        return Collective.one(
                "second moments", "train.FeatureCollector", Double.BYTES * (vision.moments() + text.moments()));
    }

    /** The class means at the cosine head's start; empty without a head. */
    List<Collective> classMeans() {
        long bytes = network.featureBytes(task.classes());
        return task.head() ? List.of(Collective.one("class means", "train.ClassMeans", bytes)) : List.of();
    }

    /**
     * A row of the table: the text features of every test set, if they are divided, and the numbers of correct answers.
     */
    List<Collective> evaluation() {
        int sets = task.tests().sets();
        Collective answers = Collective.one("right answers", "train.Evaluator", (long) Long.BYTES * sets);
        if (!dividedPrompts) {
            return List.of(answers);
        }
        long bytes = network.featureBytes(task.tests().prompts());
        return List.of(
                new Collective("text features of the test sets", "train.PromptFeatures", sets, sets, bytes), answers);
    }

    /** The state saved after a task, which must be the same on all {@code processes}. */
    List<Collective> saving(int processes) {
        return List.of(
                Collective.one("digest of the state", "train.SharedCheckpoints", (long) SHA_256_BYTES * processes),
                Collective.one("request to save or stop", "train.StepOutcome", OUTCOME_BYTES));
    }

    /** All collectives of a task except those of its batches. */
    List<Collective> once(int processes) {
        List<Collective> all = new ArrayList<>();
        all.add(decoded());
        all.add(weightGradients());
        all.addAll(classMeans());
        all.add(secondMoments());
        all.addAll(evaluation());
        all.addAll(saving(processes));
        return all;
    }

    /** The collectives by stage, batch by batch; a stage without sums is absent. */
    Map<Stage, List<Collective>> stages(int processes) {
        Map<Stage, List<Collective>> stages = new EnumMap<>(Stage.class);
        stages.put(Stage.DECODING, List.of(decoded()));
        stages.put(Stage.GRADIENT, List.of(weightGradients()));
        if (task.head()) {
            stages.put(Stage.CLASS_MEANS, classMeans());
        }
        stages.put(Stage.TRAINING, repeated(step(), task.training().size()));
        stages.put(Stage.BASIS_GROWTH, List.of(secondMoments()));
        stages.put(Stage.EVALUATION, evaluation());
        stages.put(Stage.SAVING, saving(processes));
        return stages;
    }

    private static List<Collective> repeated(List<Collective> collectives, int times) {
        List<Collective> all = new ArrayList<>();
        for (int i = 0; i < times; i++) {
            all.addAll(collectives);
        }
        return all;
    }

    /**
     * Before the first task: the values that must agree, the saved state, the zero-shot row, and the state with its
     * requests.
     */
    List<Collective> start(int processes) {
        List<Collective> all = new ArrayList<>();
        for (String what : List.of("digest of the configuration", "digest of the model", "digest of the data")) {
            all.add(Collective.one(what, "cli.RunSession, cli.RunInputs", (long) SHA_256_BYTES * processes));
        }
        all.add(Collective.one("length of the saved state", "train.SharedCheckpoints", Long.BYTES));
        all.addAll(evaluation());
        all.addAll(saving(processes));
        return all;
    }

    /** Bytes of a task, for all stages. */
    long taskBytes(int processes) {
        return stages(processes).values().stream().mapToLong(Payload::bytes).sum();
    }

    static long bytes(List<Collective> collectives) {
        return collectives.stream().mapToLong(Collective::bytes).sum();
    }

    static int calls(List<Collective> collectives) {
        return collectives.stream().mapToInt(Collective::calls).sum();
    }

    static int sums(List<Collective> collectives) {
        return collectives.stream().mapToInt(Collective::sums).sum();
    }
}
