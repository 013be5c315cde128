package org.keeplora.train;

/** What classifies a task's images beside CLIP's class prompts. */
public enum HeadKind {
    /** Nothing. */
    NONE,
    /**
     * KeepLoRA+: a {@link org.keeplora.clip.ClassHead} for each learned task, from class means, trained with the adapters.
     * The gradient from which these start is taken without it, as the authors' program does.
     */
    COSINE
}
