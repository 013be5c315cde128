package org.keeplora.clip;

/**
 * Shape of a CLIP ViT, as its tensors give it.
 *
 * @param imageSize side of the square input, pixels
 * @param patchSize side of a patch, pixels
 * @param vision the image tower
 * @param text the text tower
 * @param embedding width that both towers are projected to
 * @param contextLength positions of a prompt
 * @param vocabulary number of tokens
 */
public record ClipArchitecture(
        int imageSize,
        int patchSize,
        TowerShape vision,
        TowerShape text,
        int embedding,
        int contextLength,
        int vocabulary) {
    private static final int HEAD_WIDTH = 64;

    /**
     * Shape of one transformer.
     *
     * @param width of the residual stream; every attention head is 64 wide
     */
    public record TowerShape(int width, int blocks) {
        /** Attention heads, 64 wide each. */
        public int heads() {
            return width / HEAD_WIDTH;
        }
    }

    /** Shape of one tower. */
    public TowerShape tower(Tower tower) {
        return tower == Tower.VISION ? vision : text;
    }

    static ClipArchitecture of(ClipWeights weights) {
        long[] patches = weights.shape("visual.conv1.weight", 4);
        long positions = weights.shape("visual.positional_embedding", 2)[0];
        int grid = (int) Math.round(Math.sqrt(positions - 1));
        long[] tokens = weights.shape("token_embedding.weight", 2);
        return new ClipArchitecture(
                grid * (int) patches[2],
                (int) patches[2],
                new TowerShape((int) patches[0], weights.blocks(Tower.VISION)),
                new TowerShape((int) tokens[1], weights.blocks(Tower.TEXT)),
                (int) weights.shape("text_projection", 2)[1],
                (int) weights.shape("positional_embedding", 2)[0],
                (int) tokens[0]);
    }
}
