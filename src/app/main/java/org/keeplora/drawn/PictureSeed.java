package org.keeplora.drawn;

import java.util.Locale;

/**
 * The seed of one picture: different tuples (set, half, label, index) of a benchmark always give different seeds. The
 * tuple is packed without loss into 64 bits, and all later steps are invertible.
 *
 * @param set 0 for the general pictures, from 1 for the domains
 * @param label class or concept
 * @param index number within set, half and label
 */
record PictureSeed(int set, Half half, int label, int index) {
    /** The use of a picture; a picture has only one. */
    enum Half {
        TRAIN,
        TEST;

        String folder() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private static final int SET_BITS = 15;
    private static final int LABEL_BITS = 16;

    PictureSeed {
        if (set < 0 || set >> SET_BITS != 0 || label < 0 || label >> LABEL_BITS != 0 || index < 0) {
            throw new IllegalArgumentException(String.format(
                    Locale.ROOT,
                    "PictureSeed: set %d, label %d, index %d; need 0 <= set < %d, 0 <= label < %d, index >= 0",
                    set,
                    label,
                    index,
                    1 << SET_BITS,
                    1 << LABEL_BITS));
        }
    }

    /** The seed in the benchmark of {@code version} and {@code seed}. */
    long in(int version, long seed) {
        return mix(mix(mix(version) + seed) ^ packed());
    }

    /** The tuple as [set 15 bits | half 1 | label 16 | index 32]. */
    private long packed() {
        long place = ((long) set << 1 | half.ordinal()) << LABEL_BITS | label;
        return place << Integer.SIZE | index;
    }

    /**
     * SplitMix64's step and finish (Steele, Lea, Flood 2014): a bijection of 64 bits in which every bit depends on all
     * others.
     */
    static long mix(long bits) {
        long mixed = bits + 0x9e3779b97f4a7c15L;
        mixed = (mixed ^ mixed >>> 30) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ mixed >>> 27) * 0x94d049bb133111ebL;
        return mixed ^ mixed >>> 31;
    }
}
