package org.keeplora.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.keeplora.data.DatasetCatalog.Split;

/**
 * MNIST's idx files: big-endian magic number and sizes, then bytes.
 *
 * @param folder that holds the four files
 */
record IdxFiles(Path folder) {
    private static final List<String> DIGITS =
            List.of("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine");
    private static final int IMAGES = 0x803;
    private static final int LABELS = 0x801;

    Split read() {
        List<String> names = new ArrayList<>();
        for (int digit = 0; digit < DIGITS.size(); digit++) {
            names.add(digit + " - " + DIGITS.get(digit));
        }
        return new Split(names, items("train"), items("t10k"));
    }

    private List<Item> items(String split) {
        Path labelFile = folder.resolve(split + "-labels-idx1-ubyte");
        Path imageFile = folder.resolve(split + "-images-idx3-ubyte");
        ByteBuffer labels = open(labelFile, LABELS, 1);
        ByteBuffer images = open(imageFile, IMAGES, 3);
        int count = labels.getInt(4);
        if (images.getInt(4) != count) {
            throw new DatasetProblem(imageFile + " holds " + images.getInt(4) + " images but " + labelFile + " " + count
                    + " labels; unpack the data set again");
        }
        byte[] pixels = Arrays.copyOfRange(images.array(), 16, images.capacity());
        List<Item> items = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int label = labels.get(8 + i) & 0xff;
            if (label >= DIGITS.size()) {
                throw new DatasetProblem(
                        labelFile + ": label " + label + " at offset " + (8 + i) + "; 0 to 9 are known");
            }
            items.add(new Item(new GreyImage(i, pixels, images.getInt(12), images.getInt(8)), label));
        }
        return items;
    }

    private static ByteBuffer open(Path file, int magic, int dimensions) {
        if (!Files.isRegularFile(file)) {
            throw new DatasetProblem(file + ": no such file; unpack the data set there or correct the data root");
        }
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file));
            int header = 4 + 4 * dimensions;
            if (bytes.capacity() < header || bytes.getInt(0) != magic) {
                throw new DatasetProblem(file + ": not an idx file of " + dimensions + " dimensions of bytes");
            }
            long expected = header;
            long elements = 1;
            for (int i = 0; i < dimensions; i++) {
                elements *= bytes.getInt(4 + 4 * i);
            }
            if (bytes.capacity() != expected + elements) {
                throw new DatasetProblem(file + ": " + bytes.capacity() + " bytes but its header asks for "
                        + (expected + elements) + "; unpack the data set again");
            }
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; check its permissions", e);
        }
    }
}
