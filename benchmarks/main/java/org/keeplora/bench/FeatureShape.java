package org.keeplora.bench;

/** Features of one batch, one row per token. */
public enum FeatureShape {
    /** One input of a ViT-B/16 block: 64 images x 197 tokens, 768 wide. */
    VIT_FEATURES_768x12608(1, VitBlock.SLOTS, VitBlock.WIDTH),
    /** Both inputs of a ViT-B/16 block: the input of q, k, v and the input of o. */
    VIT_BLOCK_FEATURES_2x768x12608(2, VitBlock.SLOTS, VitBlock.WIDTH),
    /** Both inputs of a text block: 100 class prompts x 16 tokens, 512 wide. */
    TEXT_BLOCK_FEATURES_2x512x1600(2, 1600, 512);

    private final int inputs;
    private final int slots;
    private final int width;

    FeatureShape(int inputs, int slots, int width) {
        this.inputs = inputs;
        this.slots = slots;
        this.width = width;
    }

    int inputs() {
        return inputs;
    }

    int slots() {
        return slots;
    }

    int width() {
        return width;
    }
}
