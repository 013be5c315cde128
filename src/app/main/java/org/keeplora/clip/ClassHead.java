package org.keeplora.clip;

import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;

/**
 * KeepLoRA+'s classifier of one task: 30 · cosine of the image feature and a trained vector per class, added to CLIP's
 * logits. Weight [classes x embedding] float32; the owner closes it.
 */
public final class ClassHead implements AutoCloseable {
    private static final double SCALE = 30;

    private final Tensor weight;

    private ClassHead(Tensor weight) {
        this.weight = Tensors.keep(weight);
    }

    /**
     * A head that starts from the normalised sum of each class's unit features. A class without images gets a zero
     * vector, which adds nothing to its logit.
     *
     * @param sums [classes x embedding] float32; copied
     */
    public static ClassHead ofClassSums(Tensor sums) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            return new ClassHead(unit(sums).clone());
        }
    }

    /** A stored head, for the features of a model on {@code device}. */
    public static ClassHead of(NamedArray stored, TorchDevice device) {
        try (PointerScope scope = new PointerScope()) {
            return new ClassHead(device.move(Tensors.ofFloats(stored.toFloats(), stored.shape())));
        }
    }

    /** The head as an array for {@link #of}, under {@code name}. */
    public NamedArray toArray(String name) {
        try (PointerScope scope = new PointerScope()) {
            return NamedArray.of(name, new long[] {weight.size(0), weight.size(1)}, Tensors.floats(weight));
        }
    }

    /** [images x embedding] to [images x classes], in the caller's scope. */
    public Tensor logits(Tensor imageFeatures) {
        return unit(imageFeatures).matmul(unit(weight).t()).mul(new Scalar(SCALE));
    }

    /** Rows of unit length; a zero row stays zero. */
    private static Tensor unit(Tensor rows) {
        return rows.div(Tensors.rowNorms(rows).clamp_min(new Scalar(Float.MIN_NORMAL)));
    }

    /** The weight, which gets gradients from this call on. */
    public Tensor trainable() {
        return weight.requires_grad_(true);
    }

    /** Ends training: the weight gets no more gradients. */
    public void freeze() {
        weight.requires_grad_(false);
        weight.mutable_grad().reset();
    }

    @Override
    public void close() {
        weight.close();
    }
}
