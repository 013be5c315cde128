package org.keeplora.clip;

import java.util.Arrays;
import java.util.OptionalInt;
import org.keeplora.store.BadFile;

/**
 * The architecture of a CLIP ViT, without its weights.
 *
 * @param imageSize side of the square input, pixels
 * @param patchSize side of a patch, pixels
 * @param vision the image tower
 * @param text the text tower
 * @param embedding width that both towers are projected to
 * @param contextLength positions of a prompt
 * @param vocabulary number of tokens
 * @param endOfText the token at which a text's feature is read; empty when it is the text's highest token
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
    /** Limit for every size; ViT-G has a width of 1,664, the vocabulary 49,408 tokens. */
    private static final int MOST = 1_000_000;

    /**
     * One transformer.
     *
     * @param width width of the residual stream
     * @param heads attention heads, each {@code width / heads} wide
     * @param mlpWidth width between the two linear maps of a block
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

    /**
     * Starts an architecture with these towers; its sizes are then given by name. A text's feature is read at its
     * highest token unless another token is given.
     */
    public static Builder of(TowerArchitecture vision, TowerArchitecture text) {
        return new Builder(vision, text);
    }

    /** See {@link ClipArchitecture#of}; every size must be given. */
    public static final class Builder {
        private final TowerArchitecture vision;
        private final TowerArchitecture text;
        private int imageSize;
        private int patchSize;
        private int embedding;
        private int contextLength;
        private int vocabulary;
        private OptionalInt endOfText = OptionalInt.empty();

        private Builder(TowerArchitecture vision, TowerArchitecture text) {
            this.vision = vision;
            this.text = text;
        }

        public Builder imageSize(int pixels) {
            imageSize = pixels;
            return this;
        }

        public Builder patchSize(int pixels) {
            patchSize = pixels;
            return this;
        }

        public Builder embedding(int width) {
            embedding = width;
            return this;
        }

        public Builder contextLength(int positions) {
            contextLength = positions;
            return this;
        }

        public Builder vocabulary(int tokens) {
            vocabulary = tokens;
            return this;
        }

        public Builder endOfText(OptionalInt token) {
            endOfText = token;
            return this;
        }

        public ClipArchitecture build() {
            return new ClipArchitecture(
                    imageSize, patchSize, vision, text, embedding, contextLength, vocabulary, endOfText);
        }
    }

    /** The architecture of one tower. */
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
     * The architecture that the shapes of the tensors show; heads, activation, and pixels beyond the last whole patch
     * are as in OpenAI's models.
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
        return of(tower(weights, Tower.VISION, (int) patches[0]), tower(weights, Tower.TEXT, (int) tokens[1]))
                .imageSize(grid * (int) patches[2])
                .patchSize((int) patches[2])
                .embedding((int) weights.shape("text_projection", 2)[1])
                .contextLength((int) weights.shape("positional_embedding", 2)[0])
                .vocabulary((int) tokens[0])
                .build();
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
