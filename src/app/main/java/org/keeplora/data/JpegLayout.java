package org.keeplora.data;

import java.util.Arrays;
import javax.imageio.IIOException;

/**
 * The components of a JPEG file.
 *
 * @param width pixels, from the frame header
 * @param height pixels, from the frame header
 * @param components in the frame: 1, 3 or 4
 * @param coding how three colours are stored in the first three components
 */
record JpegLayout(int width, int height, int components, Coding coding) {
    enum Coding {
        /** The colours themselves: grey, RGB, or inverted CMYK. */
        PLAIN,
        /** Luminance and two colour differences (for four components: YCCK). */
        LUMINANCE_CHROMINANCE
    }

    private static final int NO_ADOBE = -1;
    /** Limit for scans; progressive files have about 10. */
    private static final int MOST_SCANS = 100;

    private static final int[] RGB_IDS = {'R', 'G', 'B'};

    static boolean isJpeg(byte[] bytes) {
        return bytes.length > 2 && (bytes[0] & 0xff) == 0xff && (bytes[1] & 0xff) == 0xd8;
    }

    /**
     * Reads the markers before the first scan and applies libjpeg's rules: JFIF means luminance-chrominance; else
     * Adobe's marker decides; else component names R, G, B mean RGB.
     *
     * @throws IIOException when there is no frame header, its component count is not 1, 3 or 4, or more than 100 scans
     *     follow. A scan may be as short as 10 bytes, but a decoder visits all pixels for each.
     */
    static JpegLayout of(byte[] bytes) throws IIOException {
        boolean jfif = false;
        int adobe = NO_ADOBE;
        for (int at = 2; at + 4 <= bytes.length; ) {
            int marker = unsigned(bytes, at + 1);
            if (unsigned(bytes, at) != 0xff || marker == 0xff || marker == 0) {
                at++; // padding
                continue;
            }
            if (isFrame(marker) && at + 10 <= bytes.length) {
                int height = unsigned(bytes, at + 5) << 8 | unsigned(bytes, at + 6);
                int width = unsigned(bytes, at + 7) << 8 | unsigned(bytes, at + 8);
                int[] ids = frameIds(bytes, at);
                requireFewScans(bytes, at);
                return new JpegLayout(width, height, ids.length, coding(ids, jfif, adobe));
            }
            jfif |= marker == 0xe0 && startsWith(bytes, at + 4, "JFIF");
            if (marker == 0xee && startsWith(bytes, at + 4, "Adobe") && at + 15 < bytes.length) {
                adobe = unsigned(bytes, at + 15);
            }
            at += standsAlone(marker) ? 2 : 2 + (unsigned(bytes, at + 2) << 8 | unsigned(bytes, at + 3));
        }
        throw new IIOException("JPEG without a frame header");
    }

    private static Coding coding(int[] ids, boolean jfif, int adobe) throws IIOException {
        boolean plain =
                switch (ids.length) {
                    case 1 -> true;
                    case 3 -> !jfif && (adobe == NO_ADOBE ? Arrays.equals(ids, RGB_IDS) : adobe == 0);
                    case 4 -> adobe != 2;
                    default -> throw new IIOException("JPEG of " + ids.length + " components");
                };
        return plain ? Coding.PLAIN : Coding.LUMINANCE_CHROMINANCE;
    }

    private static int[] frameIds(byte[] bytes, int at) throws IIOException {
        int[] ids = new int[unsigned(bytes, at + 9)];
        if (at + 10 + 3 * ids.length > bytes.length) {
            throw new IIOException("the file is cut short");
        }
        for (int i = 0; i < ids.length; i++) {
            ids[i] = unsigned(bytes, at + 10 + 3 * i);
        }
        return ids;
    }

    private static void requireFewScans(byte[] bytes, int from) throws IIOException {
        int scans = 0;
        for (int at = from; at + 1 < bytes.length; at++) {
            if (unsigned(bytes, at) == 0xff && unsigned(bytes, at + 1) == 0xda && ++scans > MOST_SCANS) {
                throw new IIOException("JPEG of more than " + MOST_SCANS + " scans");
            }
        }
    }

    /** SOF0 .. SOF15, without DHT, JPG and DAC, whose numbers lie between. */
    private static boolean isFrame(int marker) {
        return marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc;
    }

    /** Markers without a length: TEM, RST0 .. RST7, SOI. */
    private static boolean standsAlone(int marker) {
        return marker == 0x01 || marker >= 0xd0 && marker <= 0xd8;
    }

    private static boolean startsWith(byte[] bytes, int at, String text) {
        for (int i = 0; i < text.length(); i++) {
            if (at + i >= bytes.length || bytes[at + i] != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private static int unsigned(byte[] bytes, int at) {
        return bytes[at] & 0xff;
    }
}
