package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.SGD;
import org.bytedeco.pytorch.SGDOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Matrix;
import org.keeplora.learner.LearnerBuilder;

/** A small module and its learner, both new for each test. */
abstract class TorchLearnerFixture {
    static final int IN = 12;
    static final int HIDDEN = 9;
    static final int OUT = 5;

    /** Maps x by {@code query} and {@code key}, adds them, and maps the result by {@code out} and a plain head. */
    static final class Net extends Module {
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

    PointerScope tensors;
    Net net;
    List<Tensor> batches;
    TorchLearner learner;
    long openBefore;

    @BeforeEach
    void open() {
        Libtorch.load();
        torch.manual_seed(5);
        tensors = new PointerScope();
        openBefore = Matrix.open();
        net = new Net();
        batches = List.of(torch.randn(8, 2, IN), torch.randn(8, 3, IN));
        learner = TorchLearner.of(net, TorchLearnerFixture::settings);
    }

    static LearnerBuilder settings(LearnerBuilder builder) {
        return builder.rank(3).alpha(3).weightEnergy(0.3).featureEnergy(0.8).backend(BackendChoice.CPU, 1);
    }

    @AfterEach
    void close() {
        learner.close();
        tensors.close();
        assertEquals(openBefore, Matrix.open());
    }

    TorchTask begin() {
        return learner.begin(batches, net::loss);
    }

    static void train(TorchTask task, Runnable backward) {
        SGD optimizer = new SGD(task.parameters(), new SGDOptions(1));
        optimizer.zero_grad();
        backward.run();
        optimizer.step();
    }

    void train(TorchTask task) {
        train(task, () -> net.loss(batches.get(0)).backward());
    }

    static void refused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call).getMessage());
    }

    static void stateRefused(String message, Executable call) {
        assertEquals(message, assertThrows(IllegalStateException.class, call).getMessage());
    }

    List<Tensor> weights() {
        return List.of(net.parameters().get()).stream()
                .map(parameter -> parameter.detach().clone())
                .toList();
    }

    void assertWeights(List<Tensor> expected) {
        List<Tensor> actual = weights();
        for (int i = 0; i < expected.size(); i++) {
            assertTrue(expected.get(i).equal(actual.get(i)), "parameter " + i);
        }
    }

    List<Boolean> required() {
        return List.of(net.parameters().get()).stream()
                .map(Tensor::requires_grad)
                .toList();
    }
}
