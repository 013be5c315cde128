package org.keeplora.train;

/** The continual-learning methods a run can use. */
public enum LearningMethod {
    /** Evaluate the pre-trained model; nothing is trained. */
    ZERO_SHOT,
    /** Sequential standard LoRA: random A, B = 0, both trained, merged after each task. */
    LORA,
    /** KeepLoRA with nothing protected: the adapter starts from the plain gradient. */
    GRADIENT_LORA,
    /** KeepLoRA: the adapter starts from the part of the gradient outside the protected subspaces, which grow with each task. */
    KEEPLORA
}
