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

/** What a continual-learning method does around the training of one task. */
public interface ContinualMethod extends AutoCloseable {
    /**
     * The adapters to train on {@code task}; they belong to the caller's scope. None where the method trains something
     * else.
     */
    Map<Site, Adapter> start(TaskData task);

    /**
     * In place of {@link #start} where training on {@code task} goes on: adapters are attached and the method is
     * {@link #restore restored}.
     */
    default void resume(TaskData task) {}

    /**
     * The loss with what the method adds to it.
     *
     * @param loss the objective's, a scalar
     * @param logits of the batch [batch x classes]
     */
    default Tensor penalized(Tensor loss, Tensor logits, int[] batch) {
        return loss;
    }

    /** Called when training has ended and the adapters are still attached. */
    default void trained(TaskData task) {}

    /** Called when the task is learned and its adapters are merged; a method without memory does nothing. */
    default void learned(TaskData task) {}

    /** Protected directions of every site; empty where the method protects none. */
    default Map<Site, Integer> ranks() {
        return Map.of();
    }

    /**
     * How the protected space of every site last grew: by the pre-trained weights, then by the features of the task
     * that was {@link #learned} last; empty where the method protects neither. After {@link #restore} not known until
     * the next task is learned.
     */
    default Map<Site, Growth> growths() {
        return Map.of();
    }

    /** Which of the model's weights the method changes. */
    default ModelState.Weights changedWeights() {
        return ModelState.Weights.ADAPTED;
    }

    /** What the method remembers, to be restored into one that has just been made for the pre-trained model. */
    default List<NamedArray> state() {
        return List.of();
    }

    /** Remembers what {@link #state} gave, which is among {@code stored}. */
    default void restore(ArraySource stored) {}

    @Override
    default void close() {}
}
