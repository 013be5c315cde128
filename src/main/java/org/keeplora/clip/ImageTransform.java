package org.keeplora.clip;

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

/**
 * CLIP's evaluation transform: shorter side to {@code size} by PIL's bicubic filter, centre crop, then scaling to CLIP's mean and
 * deviation. All tensors belong to the caller's PointerScope.
 */
public final class ImageTransform {
    static final float[] MEAN = {0.48145466f, 0.4578275f, 0.40821073f};
    static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    private final int size;

    /** A transform to {@code size} x {@code size} pixels. */
    public ImageTransform(int size) {
        this.size = size;
    }

    /** Side of the result in pixels. */
    public int size() {
        return size;
    }

    /** The image resized and cropped: uint8 [3 x size x size]. */
    public Tensor resizeAndCrop(RgbImage image) {
        int shorter = Math.min(image.width(), image.height());
        int width = (int) ((long) size * image.width() / shorter);
        int height = (int) ((long) size * image.height() / shorter);
        Tensor pixels = Tensors.empty(ScalarType.Byte, image.height(), image.width(), 3);
        new BytePointer(pixels.data_ptr()).put(image.pixels());
        Tensor planes = pixels.permute(2, 0, 1).unsqueeze(0).contiguous();
        Tensor resized = shorter == size ? planes : resize(planes, height, width);
        return resized.select(0, 0).narrow(1, centre(height), size).narrow(2, centre(width), size);
    }

    private static Tensor resize(Tensor planes, int height, int width) {
        InterpolateFuncOptions options = new InterpolateFuncOptions();
        options.size().put(new LongVectorOptional(new LongVector(height, width)));
        options.mode().put(new kBicubic());
        options.align_corners().put(new BoolOptional(false));
        options.antialias().put(true);
        return torch.interpolate(planes, options);
    }

    /** Offset of the crop; Python's rounding, half to even. */
    private int centre(int length) {
        return (int) Math.rint((length - size) / 2.0);
    }

    /** uint8 [n x 3 x px x px] to what the network reads: float32 of the same shape. */
    public static Tensor normalize(Tensor pixels) {
        Tensor mean = Tensors.beside(pixels, Tensors.ofFloats(MEAN, 1, 3, 1, 1));
        Tensor deviation = Tensors.beside(pixels, Tensors.ofFloats(DEVIATION, 1, 3, 1, 1));
        return pixels.to(ScalarType.Float).div_(new Scalar(255.0)).sub_(mean).div_(deviation);
    }
}
