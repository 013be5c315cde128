package org.keeplora.data;

/**
 * One image of a file of many images of one size.
 *
 * @param images the file's pixels
 * @param index position in the file, from 0
 */
public record StoredImage(StoredImages images, int index) implements ImageSource {
    public StoredImage {
        if (index < 0 || index >= images.count()) {
            throw new IllegalArgumentException(
                    "StoredImage: index " + index + " but the file holds " + images.count() + " images");
        }
    }

    @Override
    public String id() {
        return "#" + index;
    }

    @Override
    public String stamp() {
        return images.stamp();
    }

    @Override
    public RgbImage read() {
        return images.image(index);
    }
}
