package org.keeplora.data;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.util.ArrayList;
import java.util.List;

/** Images of one size: [count x imageBytes] uint8, mapped read-only from a file; several threads may read them. */
public final class DecodedImages {
    private final List<ByteBuffer> segments = new ArrayList<>();
    private final int count;
    private final int imageBytes;
    private final int perSegment;

    /**
     * Maps the first {@code count · imageBytes} bytes of {@code file}, in segments of at most {@code segmentBytes}, but
     * at least one image.
     */
    DecodedImages(FileChannel file, int count, int imageBytes, int segmentBytes) throws IOException {
        this.count = count;
        this.imageBytes = imageBytes;
        this.perSegment = Math.max(1, segmentBytes / imageBytes);
        for (long first = 0; first < count; first += perSegment) {
            long images = Math.min(perSegment, count - first);
            segments.add(file.map(MapMode.READ_ONLY, first * imageBytes, images * imageBytes));
        }
    }

    public int count() {
        return count;
    }

    /** Appends image {@code index} to {@code target}. */
    public void copy(int index, ByteBuffer target) {
        if (index < 0 || index >= count) {
            throw new IllegalArgumentException("DecodedImages: index " + index + " of " + count + " images");
        }
        int offset = index % perSegment * imageBytes;
        target.put(segments.get(index / perSegment).slice(offset, imageBytes));
    }

    List<ByteBuffer> segments() {
        return segments;
    }
}
