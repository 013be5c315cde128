package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.SequentialImpl;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.Matrix;

/** What fails or is refused leaves nothing behind. */
class TorchLearnerRefusalTest extends TorchLearnerFixture {
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
                TorchLearner.of(KeepLoraLayers.of(net).sharing("x", "query", "key"), TorchLearnerFixture::settings)) {
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
        try (TorchLearner hidden = TorchLearner.of(container, TorchLearnerFixture::settings)) {
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
}
