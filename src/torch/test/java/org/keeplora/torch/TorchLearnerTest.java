package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.SequentialImpl;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.LearnerBuilder;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.learner.Values;

class TorchLearnerTest {
    private static final int IN = 12;
    private static final int HIDDEN = 9;
    private static final int OUT = 5;

    /** Maps x by {@code query} and {@code key}, adds them, and maps the result by {@code out} and a plain head. */
    private static final class Net extends Module {
        final KeepLoraLinear query = register_module("query", new KeepLoraLinear(IN, HIDDEN));
        final KeepLoraLinear key = register_module("key", new KeepLoraLinear(IN, HIDDEN));
        final KeepLoraLinear out = register_module("out", new KeepLoraLinear(HIDDEN, OUT));
        final LinearImpl head = register_module("head", new LinearImpl(OUT, 2));

        Tensor forward(Tensor x) {
            return head.forward(out.forward(query.forward(x).add(key.forward(x)).tanh()));
        }

        Tensor loss(Tensor x) {
            return forward(x).square().mean();
        }
    }

    private PointerScope tensors;
    private Net net;
    private List<Tensor> batches;
    private TorchLearner learner;
    private long openBefore;

    @BeforeEach
    void open() {
        Libtorch.load();
        torch.manual_seed(5);
        tensors = new PointerScope();
        openBefore = Matrix.open();
        net = new Net();
        batches = List.of(torch.randn(8, 2, IN), torch.randn(8, 3, IN));
        learner = TorchLearner.of(net, TorchLearnerTest::settings);
    }

    private static LearnerBuilder settings(LearnerBuilder builder) {
        return builder.rank(3).alpha(3).weightEnergy(0.3).featureEnergy(0.8).backend(BackendChoice.CPU, 1);
    }

    @AfterEach
    void close() {
        learner.close();
        tensors.close();
        assertEquals(openBefore, Matrix.open());
    }

    private TorchTask begin() {
        return learner.begin(batches, net::loss);
    }

    private static void train(TorchTask task, Runnable backward) {
        SGD optimizer = new SGD(task.parameters(), new SGDOptions(1));
        optimizer.zero_grad();
        backward.run();
        optimizer.step();
    }

    private void train(TorchTask task) {
        train(task, () -> net.loss(batches.get(0)).backward());
    }

    private static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    private static void stateRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalStateException.class, call).getMessage());
    }

    private List<Tensor> weights() {
        return List.of(net.parameters().get()).stream()
                .map(parameter -> parameter.detach().clone())
                .toList();
    }

    private void assertWeights(List<Tensor> expected) {
        List<Tensor> actual = weights();
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(expected.get(i).equal(actual.get(i)), "parameter " + i);
        }
    }

    @Test
    void layersAreFoundByTheirNames() {
        assertEquals(
                List.of("query", "key", "out"),
                List.copyOf(learner.learner().sites().keySet()));
        KeepLoraLayers chosen = KeepLoraLayers.of(net)
                .without("out")
                .sharing("x", "query", "key")
                .with("key", site -> site.withFeatureEnergy(0.5));
        try (TorchLearner few = TorchLearner.of(chosen, its -> its)) {
            assertEquals(
                    List.of("query", "key"), List.copyOf(few.learner().sites().keySet()));
            assertEquals("x", few.learner().sites().get("key").input());
            assertEquals(0.5, few.learner().sites().get("key").featureEnergy());
        }
        refused("without: there is no layer \"value\"; known are [query, key, out]", () -> KeepLoraLayers.of(net)
                .without("value"));
        refused(
                "KeepLoraLayers.of: none of the module's 0 modules is a KeepLoraLinear; register one in place of each"
                        + " Linear that is to be adapted",
                () -> KeepLoraLayers.of(new LinearImpl(2, 2)));
    }

    @Test
    void theGradientPassLeavesRequiresGradAndGradAsTheyWere() {
        net.loss(batches.get(1)).backward();
        net.out.weight().requires_grad_(false);
        net.head.bias().requires_grad_(false);
        List<Boolean> required = required();
        Tensor gradient = net.query.weight().grad().clone();
        List<Tensor> before = weights();
        try (TorchTask task = begin()) {
            assertEquals(required, required());
            assertTrue(gradient.equal(net.query.weight().grad()));
            assertWeights(before);
            assertEquals(3, task.parameters().size());
        }
        assertEquals(required, required());
    }

    private List<Boolean> required() {
        return List.of(net.parameters().get()).stream()
                .map(Tensor::requires_grad)
                .toList();
    }

    @Test
    void theAdaptersAreThoseOfTheMeanGradients() {
        learner.protectWeights();
        try (ContinualLearner plain = settings(ContinualLearner.builder()
                                .site("query", IN, HIDDEN)
                                .site("key", IN, HIDDEN)
                                .site("out", HIDDEN, OUT))
                        .build();
                Gradients gradients = plain.gradients()) {
            Map<String, KeepLoraLinear> layers = Map.of("query", net.query, "key", net.key, "out", net.out);
            plain.protectWeights(
                    name -> Values.of(Tensors.floats(layers.get(name).weight())).transposed());
            for (Tensor batch : batches) {
                net.zero_grad(true);
                net.loss(batch).backward();
                layers.forEach((name, layer) -> gradients.add(
                        name, Values.of(Tensors.floats(layer.weight().grad())).transposed()));
            }
            try (TorchTask task = begin();
                    TaskAdapters expected = plain.begin(gradients)) {
                layers.forEach((name, layer) -> {
                    Tensor b = TorchMatrix.copyOf(expected.of(name).b());
                    assertTrue(
                            b.sub(layer.b()).abs().max().item_double()
                                    <= 1e-6 * b.abs().max().item_double(),
                            name);
                });
                assertEquals(1, task.task());
            }
        }
    }

    @Test
    void learnedInputsKeepTheirOutputs() {
        try (TorchLearner all = TorchLearner.of(net, its -> settings(its).featureEnergy(1))) {
            Tensor known = torch.randn(3, IN);
            all.end(List.of(known), net::forward);
            Tensor before = net.query.forward(known);
            try (TorchTask task = all.begin(batches, net::loss)) {
                train(task);
                task.merge();
            }
            Tensor after = net.query.forward(known);
            assertTrue(before.sub(after).abs().max().item_double() < 1e-5);
            assertTrue(net.forward(batches.get(0)).defined());
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = ScalarType.class,
            names = {"Double", "BFloat16", "Half"})
    void modelsOfOtherTypes(ScalarType type) {
        net.to(type, false);
        List<Tensor> typed = batches.stream().map(batch -> batch.toType(type)).toList();
        learner.protectWeights();
        List<Tensor> before = weights();
        try (TorchTask task = learner.begin(typed, net::loss)) {
            train(task, () -> net.loss(typed.get(0)).backward());
            task.merge();
        }
        assertFalse(before.get(0).equal(net.query.weight()));
        assertEquals(type, net.query.weight().scalar_type().intern());
        learner.end(typed, net::forward).forEach((name, grown) -> assertTrue(grown.coveredAfter() >= 0.8, name));
    }

    @Test
    void aFailingLossLeavesEverythingAsItWas() {
        List<Boolean> required = required();
        List<Tensor> before = weights();
        long matrices = Matrix.open();
        RuntimeException failure = new IllegalStateException("out of data");
        Function<Tensor, Tensor> failing = batch -> {
            if (batch == batches.get(1)) {
                throw failure;
            }
            return net.loss(batch);
        };
        assertEquals(failure, assertThrows(IllegalStateException.class, () -> learner.begin(batches, failing)));
        assertEquals(required, required());
        assertEquals(matrices, Matrix.open());
        assertTrue(learner.task().isEmpty());
        Consumer<Tensor> failingForward = batch -> {
            net.query.forward(batch);
            throw failure;
        };
        assertEquals(failure, assertThrows(IllegalStateException.class, () -> learner.end(batches, failingForward)));
        assertEquals(matrices, Matrix.open());
        assertTrue(net.forward(batches.get(0)).requires_grad(), "gradients are recorded again");
        try (TorchTask task = begin()) {
            train(task);
        }
        assertWeights(before);
        learner.end();
    }

    @Test
    void messagesNameTheBatchAndTheLayer() {
        refused(
                "begin: the loss of batch 1 is of shape [8, 2, 2]; it must be one number",
                () -> learner.begin(batches, net::forward));
        refused(
                "begin: the loss of batch 1 depends on no adapted layer; compute it with their module, outside of"
                        + " NoGradGuard",
                () -> learner.begin(batches, batch -> net.loss(batch).detach()));
        refused(
                "begin: no gradient of key was added; add one, or name the other sites to gradients",
                () -> learner.begin(
                        batches,
                        batch -> net.out.forward(net.query.forward(batch)).sum()));
        refused("end: no rows of input key were added", () -> learner.end(batches, net.query::forward));
        refused("begin: there is no layer \"left\"; known are [query, key, out]", () -> KeepLoraLayers.of(net)
                .only("begin", List.of("left")));
        try (TorchLearner sharing =
                TorchLearner.of(KeepLoraLayers.of(net).sharing("x", "query", "key"), TorchLearnerTest::settings)) {
            refused(
                    "end: query and key are declared to read one input, x, but read different tensors",
                    () -> sharing.end(batches, batch -> {
                        net.query.forward(batch);
                        net.key.forward(batch.neg());
                    }));
            sharing.end(batches, net::forward);
        }
    }

    @Test
    void aLayerInANativeContainerIsRefused() {
        KeepLoraLinear layer = new KeepLoraLinear(IN, OUT);
        SequentialImpl container = new SequentialImpl();
        container.push_back("first", layer);
        try (TorchLearner hidden = TorchLearner.of(container, TorchLearnerTest::settings)) {
            refused(
                    "begin: first: its weight has a gradient, but its forward was not called from Java; call it in the"
                            + " forward of a module of yours, as a native container knows no adapter",
                    () -> hidden.begin(
                            batches, batch -> container.forward(batch).sum()));
        }
    }

    @Test
    void stepsInAWrongOrderAreRefused(@TempDir Path folder) {
        try (TorchTask task = begin()) {
            stateRefused(
                    "end: the adapters of task 1 are attached; merge or close them first",
                    () -> learner.end(batches, net::forward));
            stateRefused("begin: task 1 has not ended; call end first", this::begin);
            task.merge();
            stateRefused("merge: the adapters of task 1 are merged; it must be called before", task::merge);
            stateRefused(
                    "save: task 1 is merged but not closed; close it first",
                    () -> learner.save(folder.resolve("learner")));
        }
        learner.end(batches, net::forward);
        learner.save(folder.resolve("learner"));
    }

    @Test
    void anAdapterThatIsNotFiniteIsNotMerged() {
        List<Tensor> before = weights();
        try (TorchTask task = begin();
                NoGradGuard guard = new NoGradGuard()) {
            net.out.b().fill_(new org.bytedeco.pytorch.Scalar(Double.NaN));
            assertTrue(assertThrows(IllegalArgumentException.class, task::merge)
                    .getMessage()
                    .startsWith("trained: out: "));
        }
        assertWeights(before);
    }

    @Test
    void aTaskIsResumedWithTheSameBits(@TempDir Path folder) {
        Path file = folder.resolve("learner.safetensors");
        learner.protectWeights();
        try (TorchTask task = begin()) {
            train(task);
            learner.save(file);
            List<Tensor> uninterrupted;
            List<Tensor> before = weights();
            train(task);
            task.merge();
            uninterrupted = weights();
            Tensor[] live = net.parameters().get();
            try (NoGradGuard guard = new NoGradGuard()) {
                for (int i = 0; i < live.length; i++) {
                    live[i].copy_(before.get(i));
                }
            }
            try (TorchLearner loaded = TorchLearner.load(file, net);
                    TorchTask stored = loaded.task().orElseThrow()) {
                train(stored);
                stored.merge();
                assertWeights(uninterrupted);
                stored.writePeft(folder);
                assertTrue(Files.exists(folder.resolve("adapter_model.safetensors")));
            }
        }
        refused(
                "load: query maps 12 to 9 in the file, but in the module it is no KeepLoraLinear",
                () -> TorchLearner.load(file, new Other()));
    }

    private static final class Other extends Module {
        final KeepLoraLinear out = register_module("out", new KeepLoraLinear(HIDDEN, OUT));
    }

    /** A batch has 4 MB, and a pass of 40 of them would lose 160 MB. */
    @Test
    void memoryIsFlatOverManyBatches() {
        pass(3);
        long before = Pointer.physicalBytes();
        pass(40);
        long grown = Pointer.physicalBytes() - before;
        assertTrue(grown < 60_000_000, "grown by " + grown + " bytes");
    }

    private void pass(int count) {
        List<Integer> numbers = IntStream.range(0, count).boxed().toList();
        learner.begin(numbers, number -> net.loss(torch.randn(4096, 20, IN))).close();
        learner.end(numbers, number -> net.forward(torch.randn(4096, 20, IN)));
    }
}
