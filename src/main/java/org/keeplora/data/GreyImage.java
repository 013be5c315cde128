package org.keeplora.data;

/**
 * A grey image inside a larger array, as MNIST keeps them.
 *
 * @param index its number in the array
 * @param array all images of the split, height · width bytes each
 */
record GreyImage(int index, byte[] array, int width, int height) implements ImageSource {
    @Override
    public String id() {
        return "#" + index;
    }

    @Override
    public RgbImage read() {
        int size = width * height;
        byte[] pixels = new byte[3 * size];
        for (int i = 0; i < size; i++) {
            byte grey = array[index * size + i];
            pixels[3 * i] = grey;
            pixels[3 * i + 1] = grey;
            pixels[3 * i + 2] = grey;
        }
        return new RgbImage(width, height, pixels);
    }
}
