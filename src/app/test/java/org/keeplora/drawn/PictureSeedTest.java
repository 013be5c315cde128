package org.keeplora.drawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.math.BigInteger;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.keeplora.drawn.PictureSeed.Half;

/** Seeds are proved to be different by recovering the tuple from them. */
class PictureSeedTest {
    private static final BigInteger WORD = BigInteger.ONE.shiftLeft(Long.SIZE);

    @Test
    void mixingCanBeUndone() {
        SplittableRandom random = new SplittableRandom(1);
        for (long bits : new long[] {0, 1, -1, Long.MIN_VALUE, 0x9e3779b97f4a7c15L}) {
            assertEquals(bits, unmixed(PictureSeed.mix(bits)));
        }
        for (int i = 0; i < 1_000; i++) {
            long bits = random.nextLong();
            assertEquals(bits, unmixed(PictureSeed.mix(bits)));
        }
    }

    @Test
    void aSeedGivesItsTupleBack() {
        long none = unmixed(new PictureSeed(0, Half.TRAIN, 0, 0).in(3, 42));
        for (int set : List.of(0, 1, 6, 32767)) {
            for (Half half : Half.values()) {
                for (int label : List.of(0, 1, 124, 65535)) {
                    for (int index : List.of(0, 1, 65536, Integer.MAX_VALUE)) {
                        long packed = unmixed(new PictureSeed(set, half, label, index).in(3, 42)) ^ none;
                        assertEquals(index, (int) packed);
                        assertEquals(label, (int) (packed >>> 32) & 0xffff);
                        assertEquals(half.ordinal(), (int) (packed >>> 48) & 1);
                        assertEquals(set, (int) (packed >>> 49));
                    }
                }
            }
        }
    }

    @Test
    void versionAndSeedChangeIt() {
        PictureSeed place = new PictureSeed(1, Half.TEST, 2, 3);

        assertNotEquals(place.in(1, 7), place.in(2, 7));
        assertNotEquals(place.in(1, 7), place.in(1, 8));
    }

    /** Pinned because a benchmark must be the same with a later Java too. */
    @Test
    void seedIsPinned() {
        assertEquals(8115211992495061467L, new PictureSeed(1, Half.TEST, 2, 3).in(1, 7));
    }

    @Test
    void whatDoesNotFitIsRefused() {
        var error = assertThrows(IllegalArgumentException.class, () -> new PictureSeed(1, Half.TRAIN, 65536, 0));
        assertEquals(
                "PictureSeed: set 1, label 65536, index 0; need 0 <= set < 32768, 0 <= label < 65536, index >= 0",
                error.getMessage());
    }

    /**
     * The inverse of {@link PictureSeed#mix}: undoes each xor with a shift of itself by repeating it, and each product
     * by the inverse factor.
     */
    private static long unmixed(long mixed) {
        long bits = unshifted(mixed, 31) * inverse(0x94d049bb133111ebL);
        bits = unshifted(bits, 27) * inverse(0xbf58476d1ce4e5b9L);
        return unshifted(bits, 30) - 0x9e3779b97f4a7c15L;
    }

    private static long unshifted(long bits, int shift) {
        long original = bits;
        for (int known = shift; known < Long.SIZE; known += shift) {
            original = bits ^ original >>> shift;
        }
        return original;
    }

    private static long inverse(long factor) {
        return BigInteger.valueOf(factor).modInverse(WORD).longValue();
    }
}
