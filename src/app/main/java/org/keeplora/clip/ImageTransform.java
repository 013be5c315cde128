package org.keeplora.clip;

import java.util.Arrays;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.InterpolateFuncOptions;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.LongVectorOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.kBicubic;
import org.keeplora.data.RgbImage;
import org.keeplora.torch.Tensors;

/**
 * How images become a network's input: resized by PIL's bicubic filter, cropped at the centre, then scaled to the mean
 * and deviation of its training images. It never changes; all tensors belong to the caller's PointerScope.
 */
public final class ImageTransform {
    /** Of the images that OpenAI trained CLIP on: red, green, blue, of 1. */
    static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    /** As {@link #MEAN}. */
    static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    /** What a size in pixels is the size of. */
    public enum Resize {
        /** The shorter side; the longer one keeps the image's proportions. */
        SHORTER_SIDE,
        /** Both sides; the image's proportions are lost. */
        SQUARE
    }

    /** Where a crop begins when as many pixels are cut off before as behind, but for one. */
    public enum Crop {
        /** At the even pixel: torchvision. */
        HALF_EVEN,
        /** At the pixel before: transformers. */
        DOWN
    }

    /**
     * What is made of an image before its values are scaled.
     *
     * @param resized pixels that {@code resize} speaks of
     * @param crop only decides where the pixels left over are an odd number
     * @param size side of the centre that is kept, pixels; not larger than {@code resized}
     */
    public record Geometry(Resize resize, int resized, Crop crop, int size) {}

    private final Geometry geometry;
    private final float[] mean;
    private final float[] deviation;

    /**
     * A transform.
     *
     * @param mean of red, green and blue, of 1
     * @param deviation as {@code mean}
     */
    ImageTransform(Geometry geometry, float[] mean, float[] deviation) {
        this.geometry = geometry;
        this.mean = mean;
        this.deviation = deviation;
    }

    /** OpenAI's: shorter side to {@code size}, cropped to a square, their mean and deviation. */
    public static ImageTransform openAi(int size) {
        return new ImageTransform(new Geometry(Resize.SHORTER_SIDE, size, Crop.HALF_EVEN, size), MEAN, DEVIATION);
    }

    /** Side of the result in pixels. */
    public int size() {
        return geometry.size();
    }

    /** What {@link #resizeAndCrop} does: equal geometries make equal bytes of an image. */
    public Geometry geometry() {
        return geometry;
    }

    float[] mean() {
        return mean.clone();
    }

    float[] deviation() {
        return deviation.clone();
    }

    /** All that it does, as a text: equal texts are equal transforms. */
    @Override
    public String toString() {
        return geometry + " " + Arrays.toString(mean) + " " + Arrays.toString(deviation);
    }

    /** The image resized and cropped: uint8 [3 x size x size]. */
    public Tensor resizeAndCrop(RgbImage image) {
        int shorter = Math.min(image.width(), image.height());
        boolean square = geometry.resize() == Resize.SQUARE;
        int resized = geometry.resized();
        int size = geometry.size();
        int width = square ? resized : (int) ((long) resized * image.width() / shorter);
        int height = square ? resized : (int) ((long) resized * image.height() / shorter);
        Tensor pixels = Tensors.empty(ScalarType.Byte, image.height(), image.width(), 3);
        new BytePointer(pixels.data_ptr()).put(image.pixels());
        Tensor planes = pixels.permute(2, 0, 1).unsqueeze(0).contiguous();
        boolean same = height == image.height() && width == image.width();
        Tensor whole = same ? planes : resize(planes, height, width);
        return whole.select(0, 0).narrow(1, centre(height), size).narrow(2, centre(width), size);
    }

    private static Tensor resize(Tensor planes, int height, int width) {
        InterpolateFuncOptions options = new InterpolateFuncOptions();
        options.size().put(new LongVectorOptional(new LongVector(height, width)));
        options.mode().put(new kBicubic());
        options.align_corners().put(new BoolOptional(false));
        options.antialias().put(true);
        return torch.interpolate(planes, options);
    }

    /** Offset of the crop. */
    private int centre(int length) {
        double half = (length - geometry.size()) / 2.0;
        return (int) (geometry.crop() == Crop.HALF_EVEN ? Math.rint(half) : half);
    }

    /** uint8 [n x 3 x px x px] to what the network reads: float32 of the same shape. */
    public Tensor normalize(Tensor pixels) {
        Tensor means = Tensors.beside(pixels, Tensors.ofFloats(mean, 1, 3, 1, 1));
        Tensor deviations = Tensors.beside(pixels, Tensors.ofFloats(deviation, 1, 3, 1, 1));
        return pixels.to(ScalarType.Float).div_(new Scalar(255.0)).sub_(means).div_(deviations);
    }
}
