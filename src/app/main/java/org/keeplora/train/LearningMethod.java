package org.keeplora.train;

/** The continual-learning methods a run can use. */
public enum LearningMethod {
    /** Evaluate the pre-trained model; nothing is trained. */
    ZERO_SHOT,
    /** Sequential standard LoRA: random A, B = 0, both trained, merged after each task. */
    LORA,
    /** KeepLoRA without protection: the adapter starts from the plain gradient. */
    GRADIENT_LORA,
    /** KeepLoRA with ε_w = 0: only the features of earlier tasks are protected, as in InfLoRA. */
    INFLORA,
    /** Standard LoRA with a penalty on the overlap of A with the input directions of earlier tasks' adapters. */
    O_LORA,
    /** Standard LoRA with distillation from the frozen pre-trained model. */
    LWF,
    /** All weights of both towers are trained, one task after another. */
    FULL_FINE_TUNING,
    /**
     * KeepLoRA: the adapter starts from the part of the gradient outside the protected subspaces, which grow with each
     * task.
     */
    KEEPLORA
}
