package org.keeplora.examples;

/** An external trainer with a network of two layers: x [n x 40] → tanh(x·W₁) [n x 96] → ·W₂ [n x 4]. */
public interface Learner extends AutoCloseable {
    /** Trains every weight, without KeepLoRA. */
    void fineTune(Task task);

    /** Protects from now on what the network has learned of {@code task}. */
    void protect(Task task);

    /** Trains on {@code task} without changing what is protected. */
    void learn(Task task);

    /** The network's scores [n x 4] of the task's inputs. */
    float[][] scores(Task task);

    @Override
    void close();
}
