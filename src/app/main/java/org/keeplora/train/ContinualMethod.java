package org.keeplora.train;

import java.util.List;
import java.util.Map;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ModelState;
import org.keeplora.clip.Site;
import org.keeplora.method.Growth;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Adapter;

/** The steps of a continual-learning method before, during and after the training of one task. */
public interface ContinualMethod extends AutoCloseable {
    /**
     * The adapters to train on {@code task}; they belong to the caller's scope. Empty if the method trains something
     * else.
     */
    Map<Site, Adapter> start(TaskData task);

    /**
     * Called in place of {@link #start} when training on {@code task} resumes. The adapters are attached and the method
     * is {@link #restore restored}.
     */
    default void resume(TaskData task) {}

    /**
     * The loss plus the penalty of this method.
     *
     * @param loss of the objective, a scalar
     * @param logits of the batch [batch x classes]
     */
    default Tensor penalized(Tensor loss, Tensor logits, int[] batch) {
        return loss;
    }

    /** Called when training has ended, while the adapters are still attached. */
    default void trainingEnded(TaskData task) {}

    /** Called when the task is learned and its adapters are merged. Methods that protect nothing do nothing. */
    default void merged(TaskData task) {}

    /** The number of protected directions of every site; empty if the method protects none. */
    default Map<Site, Integer> ranks() {
        return Map.of();
    }

    /**
     * How the protected subspace of every site last grew: from the pre-trained weights, or from the features of the
     * last {@link #merged} task. Empty if the method protects neither, and after {@link #restore} until the next task
     * is learned.
     */
    default Map<Site, Growth> growths() {
        return Map.of();
    }

    /** Which weights of the model the method changes. */
    default ModelState.Weights changedWeights() {
        return ModelState.Weights.ADAPTED;
    }

    /** The state to save. It can be restored into a new method made for the same pre-trained model. */
    default List<NamedArray> state() {
        return List.of();
    }

    /** Restores what {@link #state} returned; {@code stored} may hold other arrays too. */
    default void restore(ArraySource stored) {}

    @Override
    default void close() {}
}
