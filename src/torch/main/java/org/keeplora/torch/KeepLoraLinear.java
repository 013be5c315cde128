package org.keeplora.torch;

import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;

/**
 * A {@link LinearImpl} that {@link TorchLearner} adapts: y = x·W + b, and s·(x·A)·(B − B_start) more while an adapter
 * is attached. Register it in a module in place of a {@link LinearImpl}.
 *
 * <p>To libtorch it is a {@code Linear}: same options, initial values, parameters ({@code weight} [out x in], {@code
 * bias} [out]), checkpoints, devices and types. An adapter is no parameter of the module, and the weight keeps its bits
 * until the adapter is merged. So a checkpoint has the same names and shapes at any time.
 *
 * <p>Call {@link #forward} from Java, in the {@code forward} of a module of yours. A native container, such as
 * {@code Sequential}, would call libtorch's, which knows no adapter; {@link TorchLearner} refuses that.
 */
public final class KeepLoraLinear extends LinearImpl {
    /** libtorch gives the modules in a module as addresses; this finds the layers among them. */
    private static final Map<Long, WeakReference<KeepLoraLinear>> BY_ADDRESS = new ConcurrentHashMap<>();

    /** Null while nothing is attached. */
    private AdaptedLinear adapted;

    /** The parameters that {@link #adapted} uses. */
    private List<Tensor> held = List.of();

    private boolean requiredGradient;
    private Consumer<Tensor> tap;

    /** A layer from {@code in} to {@code out} features, with a bias. */
    public KeepLoraLinear(long in, long out) {
        super(in, out);
        remember();
    }

    public KeepLoraLinear(LinearOptions options) {
        super(options);
        remember();
    }

    /** {@code layer} itself with its parameters, in a form that can be adapted; it may be registered already. */
    public KeepLoraLinear(LinearImpl layer) {
        super((Pointer) layer);
        remember();
    }

    private void remember() {
        BY_ADDRESS.values().removeIf(layer -> layer.get() == null);
        BY_ADDRESS.put(address(), new WeakReference<>(this));
    }

    /** The layer that is {@code module}, if it is one. */
    static Optional<KeepLoraLinear> of(Module module) {
        WeakReference<KeepLoraLinear> known = BY_ADDRESS.get(module.address());
        return Optional.ofNullable(known == null ? null : known.get())
                .filter(layer -> layer.address() == module.address() && module.asLinear() != null);
    }

    /** [.. x in] to [.. x out]. */
    @Override
    public Tensor forward(Tensor x) {
        if (tap != null) {
            tap.accept(x);
        }
        Tensor y = super.forward(x);
        return adapted == null ? y : adapted.adapted(x, y);
    }

    /** Width of x. */
    int in() {
        return Math.toIntExact(weight().size(1));
    }

    /** Width of y. */
    int out() {
        return Math.toIntExact(weight().size(0));
    }

    /** From this call on, {@code tap} receives each x before it is mapped; null removes it. */
    void tap(Consumer<Tensor> tap) {
        this.tap = tap;
    }

    /**
     * Adds an adapter, of copies of the factors. Until it is removed, the weight requires no gradient.
     *
     * @param a [in x r]
     * @param startB [r x out], at which it changes nothing
     * @param b [r x out], where training continues
     * @param scale s
     */
    void attach(Tensor a, Tensor startB, Tensor b, double scale) {
        held = List.of(Tensors.keep(weight()), Tensors.keep(bias()));
        requiredGradient = held.get(0).requires_grad();
        held.get(0).requires_grad_(false);
        adapted = new AdaptedLinear(held.get(0), held.get(1), 1, AdaptedLinear.Start.BESIDE_WEIGHT);
        adapted.attach(0, new Adapter(a, startB, scale, Adapter.Trained.B));
        try (NoGradGuard guard = new NoGradGuard()) {
            b().copy_(b);
        }
    }

    /** B [r x out], live, with its gradient; float64 if the weight is, otherwise float32. */
    Tensor b() {
        return adapted.trainable(0).get(0);
    }

    /** W ← W + s·A·(B − B_start), and removes the adapter. */
    void merge() {
        adapted.merge();
        detach();
    }

    /** Removes the adapter and what it has learned; does nothing if there is none. */
    void detach() {
        if (adapted != null) {
            adapted.detach();
            adapted = null;
            held.get(0).requires_grad_(requiredGradient);
            held.forEach(Tensor::close);
            held = List.of();
        }
    }
}
