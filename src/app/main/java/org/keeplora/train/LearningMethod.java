package org.keeplora.train;

import org.keeplora.clip.ClipModel;

/** The continual-learning methods a run can use. */
public enum LearningMethod {
    /** Evaluate the pre-trained model; nothing is trained. */
    ZERO_SHOT((model, context, settings) -> {
        throw new IllegalStateException("zero-shot learns nothing");
    }),
    /** Sequential standard LoRA: random A, B = 0, both trained, merged after each task. */
    LORA((model, context, settings) -> new StandardLora(model, settings)),
    /** KeepLoRA with nothing protected: the adapter starts from the plain gradient. */
    GRADIENT_LORA(GradientLora::new),
    /** KeepLoRA with ε_w = 0: only the features of earlier tasks are protected, as InfLoRA does. */
    INFLORA((model, context, settings) ->
            new KeepLora(model, context, settings.with(settings.method().featuresOnly()))),
    /** Standard LoRA with a penalty on the overlap of A with the input directions of earlier tasks' adapters. */
    O_LORA((model, context, settings) -> new OrthogonalLora(model, context.linalg(), settings)),
    /** Standard LoRA with distillation from the frozen pre-trained model. */
    LWF(DistilledLora::new),
    /** All weights of both towers are trained, one task after another. */
    FULL_FINE_TUNING((model, context, settings) -> new FullFineTuning(model)),
    /** KeepLoRA: the adapter starts from the part of the gradient outside the protected subspaces, which grow with each task. */
    KEEPLORA(KeepLora::new);

    private final Factory factory;

    private interface Factory {
        ContinualMethod open(ClipModel model, ComputeContext context, RunSettings settings);
    }

    LearningMethod(Factory factory) {
        this.factory = factory;
    }

    /** The method at the beginning of a run, for the pre-trained {@code model}; the caller closes it. */
    ContinualMethod open(ClipModel model, ComputeContext context, RunSettings settings) {
        return factory.open(model, context, settings);
    }
}
