package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.learner.ContinualLearner;
import org.keeplora.learner.Gradients;
import org.keeplora.learner.TaskAdapters;
import org.keeplora.learner.Values;

class TorchLearnerTest extends TorchLearnerFixture {
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
            assertEquals(List.of(false, true, false, true, false, true, true, false), required());
            assertTrue(gradient.equal(net.query.weight().grad()));
            assertWeights(before);
            assertEquals(3, task.parameters().size());
        }
        assertEquals(required, required());
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
