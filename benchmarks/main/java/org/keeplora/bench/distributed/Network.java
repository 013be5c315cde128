package org.keeplora.bench.distributed;

/**
 * Size of a CLIP with its adapters.
 *
 * @param imageSize side of an image, pixels
 * @param embedding width that both towers are projected to
 * @param rank r of the adapters
 */
record Network(String name, int imageSize, TowerSize vision, TowerSize text, int embedding, int rank) {
    /** Prompts of MTIL's data sets are 10 to 20 tokens long. */
    static final Network VIT_B16 =
            new Network("CLIP ViT-B/16", 224, new TowerSize(768, 12, 197), new TowerSize(512, 12, 16), 512, 16);

    /** The small CLIP of the tests, with EuroSAT's prompts. */
    static final Network SMALL =
            new Network("small CLIP", 48, new TowerSize(128, 6, 37), new TowerSize(128, 3, 12), 128, 16);

    /** Bytes of one decoded image with three colours of one byte. */
    long imageBytes() {
        return 3L * imageSize * imageSize;
    }

    /** Bytes of the float32 features of {@code items}. */
    long featureBytes(int items) {
        return (long) Float.BYTES * items * embedding;
    }

    /** Bytes of one trained factor B [r x out] of a tower, float32. */
    long factorBytes(TowerSize tower) {
        return (long) Float.BYTES * rank * tower.width();
    }

    /**
     * Size of one tower.
     *
     * @param width of the residual stream
     * @param tokens of one item: patches and the class token of an image; positions up to the longest end-of-text of a
     *     prompt
     */
    record TowerSize(int width, int blocks, int tokens) {
        static final int SITES_A_BLOCK = 4;
        /** Query, key and value read one input, the output projection the other. */
        private static final int INPUTS_A_BLOCK = 2;

        int sites() {
            return SITES_A_BLOCK * blocks;
        }

        int inputs() {
            return INPUTS_A_BLOCK * blocks;
        }

        /** Elements of all adapted weights. */
        long weights() {
            return (long) sites() * width * width;
        }

        /** Elements of the second moments of all inputs. */
        long moments() {
            return (long) inputs() * width * width;
        }

        /**
         * Operations of one item's forward pass: 24·w²·T for projections and feed-forward, 4·w·T² for attention, in
         * every block.
         */
        double forward() {
            double w = width;
            double t = tokens;
            return blocks * (24 * w * w * t + 4 * w * t * t);
        }

        /**
         * Operations of the backward pass to the inputs only, because all weights are frozen; the work for LoRA's
         * factors is neglected.
         */
        double backward() {
            return forward();
        }

        /** Operations for the gradients of its adapted weights. */
        double weightGradients() {
            return 2.0 * weights() * tokens;
        }

        /** Operations for its second moments, lower triangle. */
        double secondMoments() {
            return (double) moments() * tokens;
        }
    }
}
