package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;

/** The adapted weights of CLIP ViT-B/16 that an operation gets in one batch. */
public enum ModelShape {
    /** One projection of a vision block: 768 x 768, k = 300. */
    VIT_B16_SITE(0, 0),
    /** q, k, v, o of one vision block: 4 sites, 2 inputs. */
    VIT_B16_BLOCK(1, 0),
    /** All sites of both towers: 48 vision sites 768 wide, k = 300, and 48 text sites 512 wide, k = 200. */
    VIT_B16_MODEL(12, 12),
    /**
     * The same sites when a later task begins: nearly every site has its own odd k, as real runs have, 205 to 577 in
     * vision and 125 to 405 in text, and {@link SiteShape.Energies#LATER_TASK}.
     */
    VIT_B16_MODEL_RAGGED(12, 12) {
        @Override
        SiteShape site(int width, int protectedDirections, int input, int seat) {
            boolean vision = width == VitBlock.WIDTH;
            int own = (vision ? 205 : 125) + (vision ? 16 : 12) * (input * SPREAD % INPUTS) + 2 * seat;
            return new SiteShape(width, own, input, seat, SiteShape.Energies.LATER_TASK);
        }
    };

    private static final int TEXT_WIDTH = 512;
    private static final int TEXT_PROTECTED = 200;
    /** Inputs of one tower, and a step that visits all of them in another order. */
    private static final int INPUTS = 24;

    private static final int SPREAD = 7;

    private final List<SiteShape> sites = new ArrayList<>();

    ModelShape(int visionBlocks, int textBlocks) {
        if (visionBlocks == 0) {
            sites.add(site(VitBlock.WIDTH, VitBlock.PROTECTED, 0, 0));
        }
        for (int block = 0; block < visionBlocks; block++) {
            addBlock(VitBlock.WIDTH, VitBlock.PROTECTED, 2 * block);
        }
        for (int block = 0; block < textBlocks; block++) {
            addBlock(TEXT_WIDTH, TEXT_PROTECTED, 2 * (visionBlocks + block));
        }
    }

    private void addBlock(int width, int protectedDirections, int firstInput) {
        for (int site = 0; site < VitBlock.INPUT_OF_SITE.length; site++) {
            int input = VitBlock.INPUT_OF_SITE[site];
            sites.add(site(width, protectedDirections, firstInput + input, input == 0 ? site : 0));
        }
    }

    SiteShape site(int width, int protectedDirections, int input, int seat) {
        return new SiteShape(width, protectedDirections, input, seat, SiteShape.Energies.ALTERNATING);
    }

    /** Vision first, in each block q, k, v, o. */
    List<SiteShape> sites() {
        return List.copyOf(sites);
    }
}
