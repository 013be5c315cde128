package org.keeplora.bench.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The model against hand-computed cases, and the simulation against the model. */
class TaskCostTest {
    private static final TaskSize.Tests TESTS = new TaskSize.Tests(2, 30, 5);
    /** 10 images in batches of 4, 4, 2, twice. */
    private static final TaskSize TASK = new TaskSize("tiny", 10, 3, 4, 2, false, TESTS);

    private static final Network NETWORK =
            new Network("tiny", 16, new Network.TowerSize(8, 2, 5), new Network.TowerSize(4, 1, 3), 6, 2);
    private static final Costs COSTS = new Costs(
            PassTime.steady(0.5, 1, 0.25, 0.4),
            PassTime.steady(0.25, 2, 0.5, 0.5),
            PassTime.steady(0.125, 1, 0.5, 1),
            PassTime.steady(0.125, 0.5, 0.25, 1),
            0.125,
            new Costs.OnceATask(3, 5));
    private static final Link LINK = new Link("slow", 1000, 0.01);

    private static Payload payload(boolean sharedPrompts) {
        return new Payload(NETWORK, TASK, sharedPrompts);
    }

    private static Cluster cluster(int processes, Link link) {
        return new Cluster(processes + " processes", processes, 1, 1, link);
    }

    /** What rounding leaves of sums of about a hundred terms of seconds. */
    private static double tolerance(double seconds) {
        return 1e-12 * Math.max(1, seconds);
    }

    private static void assertSame(Seconds expected, Seconds actual, String what) {
        double tolerance = tolerance(expected.total());
        assertEquals(expected.shared(), actual.shared(), tolerance, what + ", shared");
        assertEquals(expected.redundant(), actual.redundant(), tolerance, what + ", redundant");
        assertEquals(expected.waiting(), actual.waiting(), tolerance, what + ", waiting");
        assertEquals(expected.delay(), actual.delay(), tolerance, what + ", delay");
        assertEquals(expected.transfer(), actual.transfer(), tolerance, what + ", transfer");
    }

    @Test
    void oneStepOfTwoProcessesByHand() {
        TaskSize one = new TaskSize("one step", 3, 3, 3, 1, false, TESTS);
        Payload payload = new Payload(NETWORK, one, false);
        // B: 4 sites of 2x4 and 8 sites of 2x8 floats
        assertEquals(4 * (4 * 8 + 8 * 16), payload.gradients().bytes());
        Seconds step = new TaskCost(payload, COSTS, cluster(2, LINK)).stages().get(Stage.TRAINING);
        assertEquals(2 * 3 / 2.0, step.shared());
        assertEquals(0.25 + 3 * 0.5, step.redundant());
        assertEquals(1, step.waiting(), "process 0 has two images of three");
        // one bucket, ready when the backward pass ends, which hides the outcome; a ring of two sends the payload once
        assertEquals(2 * 0.01, step.delay(), tolerance(1));
        assertEquals(640 / 1000.0, step.transfer(), tolerance(1));
    }

    @Test
    void gradientPassOfTwoProcessesByHand() {
        TaskSize one = new TaskSize("one batch", 3, 5, 3, 1, false, TESTS);
        Seconds pass = new TaskCost(new Payload(NETWORK, one, true), COSTS, cluster(2, LINK))
                .stages()
                .get(Stage.GRADIENT);
        assertEquals(3 * 1 / 2.0, pass.shared());
        assertEquals(0.5 + 5 * 0.25, pass.redundant(), "every process has all prompts, once");
        assertEquals(0.5, pass.waiting(), "process 0 has two images of three");
        assertEquals(2 * 0.01, pass.delay(), tolerance(1));
        assertEquals((4 * 8 * 64 + 4 * 5 * 6) / 1000.0, pass.transfer(), tolerance(1));
    }

    @Test
    void passesOfTheImagesHideTheSumsOfThePrompts() {
        TaskSize one = new TaskSize("one step", 4, 4, 4, 1, false, TESTS);
        Payload payload = new Payload(NETWORK, one, true);
        // two images and two prompts a process: 2 and 0.5 s in each direction; 4 x 6 floats
        double bucket = 0.01 * 2 + 640 / 1000.0;
        Seconds fast = new TaskCost(payload, COSTS, cluster(2, LINK)).stages().get(Stage.TRAINING);
        assertEquals(0.25 + 2 * (2 + 0.5) + bucket, fast.total(), tolerance(1));
        // 3 s for 96 bytes: 1 s more than the forward pass of the images; backward also 0.75 s for the outcome
        double slow = 96 / 3.0;
        Seconds late = new TaskCost(payload, COSTS, cluster(2, new Link("slow", slow, 0)))
                .stages()
                .get(Stage.TRAINING);
        assertEquals(0.25 + 2 * (2 + 0.5) + 1 + 1.75 + 640 / slow, late.total(), tolerance(1));
    }

    @Test
    void ringOfFourSendsThreeHalvesOfThePayload() {
        assertEquals(1500, Link.sentBytes(1000, 4));
        assertEquals(1.5 + 6 * 0.01, LINK.sum(1000, 4), tolerance(1));
        assertEquals(0, LINK.sum(1000, 1));
    }

    @Test
    void payloadOfATaskByHand() {
        Payload payload = payload(true);
        long prompts = 2 * 4 * 3 * 6;
        assertEquals(prompts + 640 + 24, Payload.bytes(payload.step()));
        long gradient = 4 * 8 * 64 + 4 * 3 * 6;
        long moments = 4 * 64 + 2 * 16;
        long decoded = 10 * 3 * 16 * 16;
        long tests = 5 * 6 * 4;
        assertEquals(decoded + gradient + 8 * moments + tests + 2 * 8 + 32 * 4 + 24, Payload.bytes(payload.once(4)));
        assertEquals(1, payload.weightGradients().sums());
        assertEquals(1, payload.secondMoments().sums());
        assertEquals(6 * (prompts + 664) + Payload.bytes(payload.once(4)), payload.taskBytes(4));
        assertEquals(6 * 4, Payload.calls(payload.stages(4).get(Stage.TRAINING)));
        assertEquals(1, Payload.calls(payload.stages(4).get(Stage.GRADIENT)));
        assertEquals(2 + 1, Payload.calls(payload.stages(4).get(Stage.EVALUATION)));
    }

    @Test
    void vitB16HasTwoBucketsAndTheSecondEndsWithTheBackwardPass() {
        TaskSize task = new TaskSize("100 classes", 64, 100, 64, 1, false, TESTS);
        assertEquals(
                List.of(new Bucket(22 * 49152, 0.5, 0), new Bucket(26 * 49152 + 48 * 32768, 1, 1)),
                Bucket.of(Network.VIT_B16, task));
        Payload payload = new Payload(Network.VIT_B16, task, false);
        assertEquals(4 * 16 * 48 * (768 + 512), payload.gradients().bytes());
        assertEquals(
                4L * (48 * 768 * 768 + 100 * 512), payload.weightGradients().bytes());
        assertEquals(8L * 24 * (768 * 768 + 512 * 512), payload.secondMoments().bytes());
    }

    @ParameterizedTest
    @CsvSource({"1,false", "2,false", "2,true", "3,true", "4,false", "7,true"})
    void replayWithoutNoiseIsTheModel(int processes, boolean sharedPrompts) {
        Cluster cluster = new Cluster("shared cores", processes, 1.5, 2, LINK);
        Map<Stage, Seconds> expected = new TaskCost(payload(sharedPrompts), COSTS, cluster).stages();
        Map<Stage, Seconds> actual =
                Replay.of(payload(sharedPrompts), COSTS, cluster, 1).stages();
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((stage, seconds) -> assertSame(seconds, actual.get(stage), stage.toString()));
    }

    @Test
    void oneProcessTakesWhatWasMeasured() {
        List<PassTime.Batch> measured = List.of(
                new PassTime.Batch(4, 3, 9.5),
                new PassTime.Batch(4, 3, 10.5),
                new PassTime.Batch(2, 3, 6.25),
                new PassTime.Batch(4, 3, 10),
                new PassTime.Batch(4, 3, 9.75),
                new PassTime.Batch(2, 3, 5.5));
        PassTime training = PassTime.fitted(measured, List.of(new PassTime.Batch(2, 3, 6)), 0.5, 0.5);
        Costs costs = new Costs(
                COSTS.gradient(), training, COSTS.features(), COSTS.evaluation(), COSTS.decode(), COSTS.once());
        double sum = measured.stream().mapToDouble(PassTime.Batch::seconds).sum();
        Replay.Result result = Replay.of(payload(false), costs, Cluster.ONE, 1);
        assertEquals(sum, result.stages().get(Stage.TRAINING).total(), tolerance(sum));
        assertEquals(20 / sum, result.imagesPerSecond(TASK), tolerance(1));
        assertEquals(0, result.sentBytes());
    }

    @Test
    void medianBatchesGiveTheFormula() {
        List<PassTime.Batch> full =
                List.of(new PassTime.Batch(64, 10, 7), new PassTime.Batch(64, 10, 7.5), new PassTime.Batch(64, 10, 90));
        double prompt = PassTime.promptSeconds(full, List.of(new PassTime.Batch(64, 30, 8)));
        PassTime time = PassTime.fitted(full, List.of(new PassTime.Batch(32, 10, 4.25)), prompt, 0.5);
        assertEquals((7.5 - 4.25) / 32, time.image());
        assertEquals(0.5 / 20, prompt);
        assertEquals(prompt, time.prompt());
        assertEquals(7.5, time.seconds(64, 10), tolerance(10));
        assertEquals(List.of(7 / 7.5, 1.0, 12.0), time.noise());
    }

    @ParameterizedTest
    @CsvSource({"2", "4"})
    void freeNetworkAndSharesThatDivideGiveAmdahlsBound(int processes) {
        TaskSize divides = new TaskSize("divides", 8, 3, 4, 2, false, TESTS);
        Payload payload = new Payload(NETWORK, divides, false);
        Seconds one = new TaskCost(payload, COSTS, Cluster.ONE).stages().get(Stage.TRAINING);
        Seconds many = Replay.of(payload, COSTS, cluster(processes, Link.IDEAL), 1)
                .stages()
                .get(Stage.TRAINING);
        assertEquals(one.redundant() + one.shared() / processes, many.total(), tolerance(one.total()));
    }

    @ParameterizedTest
    @CsvSource({"2", "5", "64"})
    void freeNetworkIsNeverFasterThanAmdahlsBound(int processes) {
        Map<Stage, Seconds> one = new TaskCost(payload(false), COSTS, Cluster.ONE).stages();
        Map<Stage, Seconds> many = Replay.of(payload(false), COSTS, cluster(processes, Link.IDEAL), 1)
                .stages();
        one.remove(Stage.EVALUATION); // more processes have fewer batches there, which saves launches
        one.forEach((stage, seconds) -> {
            double bound = seconds.redundant() + seconds.shared() / processes;
            assertTrue(many.get(stage).total() >= bound - tolerance(bound), stage.toString());
            assertTrue(many.get(stage).waiting() >= -tolerance(bound), stage + ", waiting");
        });
    }

    @ParameterizedTest
    @CsvSource({"2,true", "3,false", "64,true"})
    void everyByteOfThePayloadIsSent(int processes, boolean sharedPrompts) {
        Payload payload = payload(sharedPrompts);
        Replay.Result result = Replay.of(payload, COSTS, cluster(processes, LINK), 1);
        assertEquals(2.0 * (processes - 1) / processes * payload.taskBytes(processes), result.sentBytes(), 1e-6);
        long sums = 6L * Payload.sums(payload.step()) + Payload.sums(payload.once(processes));
        assertEquals(sums, result.sums());
    }

    @Test
    void noiseMakesProcessesWaitAtEverySum() {
        PassTime noisy = new PassTime(0.25, 2, 0.5, 0.5, List.of(1.0, 2.0, 1.0, 1.0, 1.0, 3.0));
        Costs costs = new Costs(COSTS.gradient(), noisy, COSTS.features(), COSTS.evaluation(), 0, COSTS.once());
        Seconds calm = Replay.of(payload(false), COSTS, cluster(2, Link.IDEAL), 1)
                .stages()
                .get(Stage.TRAINING);
        Seconds waits = Replay.of(payload(false), costs, cluster(2, Link.IDEAL), 1)
                .stages()
                .get(Stage.TRAINING);
        assertEquals(0, calm.waiting(), tolerance(calm.total()));
        assertTrue(waits.waiting() > 0, "slow batches of two processes do not fall together");
    }

    @Test
    void smallSumsOfManyProcessesAreLatency() {
        Cluster far = cluster(64, new Link("far", 1e12, 1));
        assertEquals("latency", new TaskCost(payload(false), COSTS, far).total().saturates());
        Cluster narrow = cluster(64, new Link("narrow", 1, 1e-6));
        assertEquals(
                "bandwidth", new TaskCost(payload(false), COSTS, narrow).total().saturates());
        assertEquals("nothing", Seconds.NONE.saturates());
    }

    @Test
    void fewCoresSlowEveryProcess() {
        Cluster crowded = new Cluster("4 on 2", 4, 2, 2, Link.IDEAL);
        double free = new TaskCost(payload(false), COSTS, cluster(4, Link.IDEAL)).imagesPerSecond();
        assertEquals(free / 2, new TaskCost(payload(false), COSTS, crowded).imagesPerSecond(), tolerance(free));
    }
}
