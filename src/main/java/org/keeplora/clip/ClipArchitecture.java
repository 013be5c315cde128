package org.keeplora.clip;

import java.util.Arrays;
import java.util.Locale;
import org.keeplora.store.BadFile;

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
    /** Of every size; ViT-G has a width of 1,664, the vocabulary 49,408 tokens. */
    private static final int MOST = 1_000_000;

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

    /** @throws BadFile when no ViT has such sizes */
    static ClipArchitecture of(ClipWeights weights) {
        long[] patches = weights.shape("visual.conv1.weight", 4);
        long positions = weights.shape("visual.positional_embedding", 2)[0];
        int grid = (int) Math.round(Math.sqrt(positions - 1));
        long[] tokens = weights.shape("token_embedding.weight", 2);
        long[] sizes = {grid, patches[2], patches[0], tokens[1], tokens[0]};
        if (Arrays.stream(sizes).anyMatch(size -> size < 1 || size > MOST)
                || patches[0] % HEAD_WIDTH != 0
                || tokens[1] % HEAD_WIDTH != 0) {
            throw weights.impossible(String.format(
                    Locale.ROOT,
                    "%d x %d patches of side %d, widths %d and %d, %d tokens: sizes must be 1 to %d and widths a multiple of %d",
                    grid,
                    grid,
                    patches[2],
                    patches[0],
                    tokens[1],
                    tokens[0],
                    MOST,
                    HEAD_WIDTH));
        }
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
