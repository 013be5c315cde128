package org.keeplora.examples;

/** A trainer of someone else's, with a network of two layers: x [n x 40] → tanh(x·W₁) [n x 96] → ·W₂ [n x 4]. */
public interface Learner extends AutoCloseable {
    /** Trains every weight, as the trainer did before it knew KeepLoRA. */
    void fineTune(Task task);

    /** Keeps from now on what the network does with {@code task}, which it has learned. */
    void protect(Task task);

    /** Trains on {@code task} without touching what is protected. */
    void learn(Task task);

    /** The network's scores [n x 4] of the task's inputs. */
    float[][] scores(Task task);

    @Override
    void close();
}
