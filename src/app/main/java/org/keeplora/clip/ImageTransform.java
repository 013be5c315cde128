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
 * Prepares images for a network: resizes with PIL's bicubic filter, crops the centre, then normalises with the mean and
 * deviation of the network's training images. Immutable; all tensors belong to the caller's PointerScope.
 */
public final class ImageTransform {
    /** Means of OpenAI's training images for CLIP: red, green, blue, for values 0..1. */
    static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    /** Deviations, as {@link #MEAN}. */
    static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    /** Which size of the image {@code resized} sets. */
    public enum Resize {
        /** The shorter side; the longer one keeps the image's proportions. */
        SHORTER_SIDE,
        /** Both sides; the image's proportions change. */
        SQUARE
    }

    /** Where a crop begins when the number of pixels to remove is odd. */
    public enum Crop {
        /** At the even position: torchvision. */
        HALF_EVEN,
        /** Rounded down: transformers. */
        DOWN
    }

    /**
     * How an image is resized and cropped, before its values are normalised.
     *
     * @param resized target size in pixels of {@code resize}
     * @param crop matters only when the number of pixels to remove is odd
     * @param size side of the square that is kept, pixels; not larger than {@code resized}
     */
    public record Geometry(Resize resize, int resized, Crop crop, int size) {}

    private final Geometry geometry;
    private final float[] mean;
    private final float[] deviation;

    /**
     * A transform.
     *
     * @param mean of red, green and blue, for values 0..1
     * @param deviation as {@code mean}
     */
    ImageTransform(Geometry geometry, float[] mean, float[] deviation) {
        this.geometry = geometry;
        this.mean = mean;
        this.deviation = deviation;
    }

    /** OpenAI's transform: shorter side to {@code size}, cropped to a square, OpenAI's mean and deviation. */
    public static ImageTransform openAi(int size) {
        return new ImageTransform(new Geometry(Resize.SHORTER_SIDE, size, Crop.HALF_EVEN, size), MEAN, DEVIATION);
    }

    /** Side of the result in pixels. */
    public int size() {
        return geometry.size();
    }

    /** The settings of {@link #resizeAndCrop}: equal geometries give equal bytes for an image. */
    public Geometry geometry() {
        return geometry;
    }

    float[] mean() {
        return mean.clone();
    }

    float[] deviation() {
        return deviation.clone();
    }

    /** All settings as a text: equal texts mean equal transforms. */
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

    /** The offset of the crop. */
    private int centre(int length) {
        double half = (length - geometry.size()) / 2.0;
        return (int) (geometry.crop() == Crop.HALF_EVEN ? Math.rint(half) : half);
    }

    /** From uint8 [n x 3 x px x px] to what the network reads: float32 of the same shape. */
    public Tensor normalize(Tensor pixels) {
        Tensor means = Tensors.beside(pixels, Tensors.ofFloats(mean, 1, 3, 1, 1));
        Tensor deviations = Tensors.beside(pixels, Tensors.ofFloats(deviation, 1, 3, 1, 1));
        return pixels.to(ScalarType.Float).div_(new Scalar(255.0)).sub_(means).div_(deviations);
    }
}
