package org.keeplora.clip;

/** CLIP's two transformers. */
public enum Tower {
    VISION("visual.transformer"),
    TEXT("transformer");

    private final String prefix;

    Tower(String prefix) {
        this.prefix = prefix;
    }

    /** Prefix of the tower's tensors under OpenAI's names. */
    String prefix() {
        return prefix;
    }
}
