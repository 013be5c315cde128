package org.keeplora.clip;

import java.util.Arrays;
import java.util.OptionalInt;
import org.keeplora.store.BadFile;

/**
 * What a CLIP ViT computes, all but its weights.
 *
 * @param imageSize side of the square input, pixels
 * @param patchSize side of a patch, pixels
 * @param vision the image tower
 * @param text the text tower
 * @param embedding width that both towers are projected to
 * @param contextLength positions of a prompt
 * @param vocabulary number of tokens
 * @param endOfText the token at which texts are read; empty where it is the highest one of a text
 */
public record ClipArchitecture(
        int imageSize,
        int patchSize,
        TowerArchitecture vision,
        TowerArchitecture text,
        int embedding,
        int contextLength,
        int vocabulary,
        OptionalInt endOfText) {
    static final int HEAD_WIDTH = 64;
    private static final int MLP_FACTOR = 4;
    /** Of every size; ViT-G has a width of 1,664, the vocabulary 49,408 tokens. */
    private static final int MOST = 1_000_000;

    /**
     * One transformer.
     *
     * @param width of the residual stream
     * @param heads of the attention, each {@code width / heads} wide
     * @param mlpWidth between the two linear maps of a block
     * @param activation between the two linear maps of a block
     */
    public record TowerArchitecture(int width, int blocks, int heads, int mlpWidth, Activation activation) {
        /** As OpenAI built its models: heads 64 wide, an MLP of four times the width, QuickGELU. */
        public static TowerArchitecture openAi(int width, int blocks) {
            return new TowerArchitecture(width, blocks, width / HEAD_WIDTH, MLP_FACTOR * width, Activation.QUICK_GELU);
        }

        TowerArchitecture with(int otherHeads, Activation otherActivation) {
            return new TowerArchitecture(width, blocks, otherHeads, mlpWidth, otherActivation);
        }
    }

    /** One of both towers. */
    public TowerArchitecture tower(Tower tower) {
        return tower == Tower.VISION ? vision : text;
    }

    ClipArchitecture with(int otherImageSize, TowerArchitecture otherVision, TowerArchitecture otherText) {
        return new ClipArchitecture(
                otherImageSize, patchSize, otherVision, otherText, embedding, contextLength, vocabulary, endOfText);
    }

    ClipArchitecture withEndOfText(OptionalInt token) {
        return new ClipArchitecture(imageSize, patchSize, vision, text, embedding, contextLength, vocabulary, token);
    }

    /**
     * What the shapes of the tensors tell; heads, activation, and pixels beyond the last whole patch are as OpenAI has them.
     *
     * @throws BadFile when no ViT has such sizes
     */
    static ClipArchitecture ofShapes(ClipWeights weights) {
        long[] patches = weights.shape("visual.conv1.weight", 4);
        long positions = weights.shape("visual.positional_embedding", 2)[0];
        int grid = (int) Math.round(Math.sqrt(positions - 1));
        long[] tokens = weights.shape("token_embedding.weight", 2);
        long[] sizes = {grid, patches[2], patches[0], tokens[1], tokens[0]};
        if (Arrays.stream(sizes).anyMatch(size -> size < 1 || size > MOST)) {
            throw weights.impossible(grid + " x " + grid + " patches of side " + patches[2] + ", widths " + patches[0]
                    + " and " + tokens[1] + ", " + tokens[0] + " tokens: sizes must be 1 to " + MOST);
        }
        return new ClipArchitecture(
                grid * (int) patches[2],
                (int) patches[2],
                tower(weights, Tower.VISION, (int) patches[0]),
                tower(weights, Tower.TEXT, (int) tokens[1]),
                (int) weights.shape("text_projection", 2)[1],
                (int) weights.shape("positional_embedding", 2)[0],
                (int) tokens[0],
                OptionalInt.empty());
    }

    private static TowerArchitecture tower(ClipWeights weights, Tower tower, int width) {
        long mlpWidth = weights.shape(tower.prefix() + ".resblocks.0.mlp.c_fc.weight", 2)[0];
        if (mlpWidth < 1 || mlpWidth > MOST) {
            throw weights.impossible("an MLP of width " + mlpWidth + ": sizes must be 1 to " + MOST);
        }
        TowerArchitecture usual = TowerArchitecture.openAi(width, weights.blocks(tower));
        return new TowerArchitecture(width, usual.blocks(), usual.heads(), (int) mlpWidth, usual.activation());
    }
}
