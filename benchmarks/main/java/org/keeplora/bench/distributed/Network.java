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

    /** Bytes of one decoded image, three colours of a byte. */
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
}
