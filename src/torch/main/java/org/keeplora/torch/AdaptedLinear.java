package org.keeplora.torch;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/**
 * A linear map whose output is one or several projections of equal width. Each projection can carry a LoRA adapter.
 *
 * <p>y = x·W' + b + s·(x·A)·B; the low-rank path avoids full weight gradients in training. An output projection has one
 * projection, packed query, key and value have three. The model owns weight and bias; this object closes the adapters.
 *
 * <p>The factors are float64 beside a float64 weight and float32 beside any other. A weight of half precision is thus
 * adapted in float32, and rounded once, when it is merged.
 */
public final class AdaptedLinear implements AutoCloseable {
    private final Tensor weight;
    private final Tensor bias;
    private final int projections;
    private final int outWidth;
    private final Start start;
    private final List<Attached> attached = new ArrayList<>();

    /** What keeps the map unchanged when an adapter is attached. */
    enum Start {
        /** The weight becomes W' = W − s·A·B_start, as in the paper. */
        IN_WEIGHT,
        /**
         * The weight stays W until merging, and the adapter adds s·(x·A)·(B − B_start). It is the same map, without
         * rounding W' to the weight's type and without a copy of W. A is frozen.
         */
        BESIDE_WEIGHT
    }

    /** One attached adapter: its leaf factors, and the values needed to merge to the bit. */
    private record Attached(
            int projection,
            Tensor a,
            Tensor b,
            Tensor startA,
            Tensor startB,
            Tensor original,
            double scale,
            List<Tensor> leaves) {
        void close() {
            List.of(a, b, startA, startB, original).forEach(Tensor::close);
        }
    }

    /**
     * @param weight [projections·out x in] as PyTorch stores it
     * @param bias [projections·out]
     */
    public AdaptedLinear(Tensor weight, Tensor bias, int projections) {
        this(weight, bias, projections, Start.IN_WEIGHT);
    }

    AdaptedLinear(Tensor weight, Tensor bias, int projections, Start start) {
        this.start = start;
        this.weight = weight;
        this.bias = bias;
        this.projections = projections;
        this.outWidth = (int) (weight.size(0) / projections);
    }

    /** [.. x in] to [.. x projections·out], in the caller's scope. */
    public Tensor forward(Tensor x) {
        Tensor y = torch.linear(x, weight, new TensorOptional(bias));
        return attached.isEmpty() ? y : adapted(x, y);
    }

    /** y [.. x projections·out], the map's value without adapters at x [.. x in], and what the adapters add. */
    Tensor adapted(Tensor x, Tensor y) {
        TensorVector as = new TensorVector();
        TensorVector bs = new TensorVector();
        for (Attached adapter : attached) {
            as.push_back(adapter.a());
            bs.push_back(overAllProjections(adapter));
        }
        Tensor low = computed(x.reshape(-1, x.size(-1))).matmul(torch.cat(as, 1));
        Tensor rows = torch.addmm(computed(y.reshape(-1, y.size(-1))), low, torch.cat(bs, 0));
        Tensor full = rows.reshape(y.sizes());
        return isHalf() ? full.toType(y.scalar_type().intern()) : full;
    }

    private boolean isHalf() {
        return weight.element_size() == Short.BYTES;
    }

    /** The type of the factors. */
    private ScalarType factorType() {
        return weight.scalar_type().intern() == ScalarType.Double ? ScalarType.Double : ScalarType.Float;
    }

    /** {@code tensor} in the type in which the low-rank path is computed. */
    private Tensor computed(Tensor tensor) {
        return isHalf() ? tensor.toType(ScalarType.Float) : tensor;
    }

    /**
     * s·B in the columns of its projection and zeros in the others [rank x projections·out], so that one product serves
     * all adapters.
     */
    private Tensor overAllProjections(Attached adapter) {
        Tensor b = start == Start.IN_WEIGHT ? adapter.b() : adapter.b().sub(adapter.startB());
        Tensor scaled = b.mul(new Scalar(adapter.scale()));
        long before = (long) adapter.projection() * outWidth;
        return torch.constant_pad_nd(scaled, before, (long) projections * outWidth - before - outWidth);
    }

    /** The live weight of all projections. */
    public Tensor weight() {
        return weight;
    }

    /** The live weight of one projection [out x in], a view. */
    public Tensor weight(int projection) {
        return rows(weight, projection);
    }

    /** The accumulated gradient of one projection's weight [out x in], a view. */
    public Tensor gradient(int projection) {
        Tensor gradient = weight.grad();
        if (!gradient.defined()) {
            throw new IllegalStateException("no weight gradient yet: require gradients, then run a backward pass");
        }
        return rows(gradient, projection);
    }

    private Tensor rows(Tensor packed, int projection) {
        return packed.narrow(0, (long) projection * outWidth, outWidth);
    }

    /** Makes the weights of all projections require a gradient from now on; returns them, live. */
    public Tensor requireWeightGradient() {
        weight.requires_grad_(true);
        return weight;
    }

    public void dropWeightGradient() {
        weight.requires_grad_(false);
        weight.mutable_grad().reset();
    }

    /** Adds an adapter to one projection, which must have none yet; with {@link Start#IN_WEIGHT} W ← W − s·A·B. */
    public void attach(int projection, Adapter adapter) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor a = factor(adapter.a());
            Tensor b = factor(adapter.b());
            Tensor live = weight(projection).detach();
            Tensor original = Tensors.keep(start == Start.IN_WEIGHT ? live.clone() : live);
            if (start == Start.IN_WEIGHT) {
                live.sub_(change(a, b, adapter.scale()));
            }
            List<Tensor> leaves = adapter.trained() == Adapter.Trained.B ? List.of(b) : List.of(a, b);
            leaves.forEach(leaf -> leaf.requires_grad_(true));
            attached.add(new Attached(
                    projection,
                    a,
                    b,
                    Tensors.keep(a.detach().clone()),
                    Tensors.keep(b.detach().clone()),
                    original,
                    adapter.scale(),
                    leaves));
        }
    }

    /** A copy beside the weight, kept beyond the caller's scope. */
    private Tensor factor(Tensor given) {
        return Tensors.keep(
                Tensors.beside(weight, given.detach()).toType(factorType()).clone());
    }

    /** Every adapter by its projection, with its current factors; live. */
    public Map<Integer, Adapter> adapters() {
        return factors(Attached::a, Attached::b);
    }

    /** Every adapter by its projection, with the factors at attaching; live. */
    public Map<Integer, Adapter> starts() {
        return factors(Attached::startA, Attached::startB);
    }

    private Map<Integer, Adapter> factors(Function<Attached, Tensor> a, Function<Attached, Tensor> b) {
        Map<Integer, Adapter> adapters = new TreeMap<>();
        attached.forEach(its -> adapters.put(
                its.projection(),
                new Adapter(
                        a.apply(its),
                        b.apply(its),
                        its.scale(),
                        its.leaves().size() == 1 ? Adapter.Trained.B : Adapter.Trained.A_AND_B)));
        return adapters;
    }

    /** The weight before adapters were attached [projections·out x in], in the caller's scope. */
    public Tensor weightBefore() {
        Tensor before = weight.detach().clone();
        attached.forEach(its -> rows(before, its.projection()).copy_(its.original()));
        return before;
    }

    /** s·(A·B)ᵀ [out x in]. */
    private static Tensor change(Tensor a, Tensor b, double scale) {
        return a.matmul(b).t().mul(new Scalar(scale));
    }

    /**
     * The trained factors of the adapter of {@code projection}: A if it is trained, then B. Empty without an adapter.
     */
    public List<Tensor> trainable(int projection) {
        return attached.stream()
                .filter(adapter -> adapter.projection() == projection)
                .flatMap(adapter -> adapter.leaves().stream())
                .toList();
    }

    /** The change that {@link #merge} would make to each projection with an adapter; the caller closes the changes. */
    public Map<Integer, LowRankChange> changes() {
        Map<Integer, LowRankChange> changes = new TreeMap<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            attached.forEach(adapter -> changes.put(adapter.projection(), change(adapter)));
        }
        return changes;
    }

    /**
     * s·A·(B − B_start) if A is frozen, otherwise s·(A·B − A_start·B_start), of twice the rank unless B_start is zero.
     */
    private static LowRankChange change(Attached adapter) {
        Scalar scale = new Scalar(adapter.scale());
        Tensor a = adapter.a().detach();
        Tensor b = adapter.b().detach().mul(scale);
        Tensor startB = adapter.startB().mul(scale);
        boolean frozenA = adapter.leaves().size() == 1;
        if (frozenA) {
            b = b.sub(startB);
        } else if (adapter.startB().norm().item_double() > 0) {
            a = torch.cat(new TensorVector(a, adapter.startA()), 1);
            b = torch.cat(new TensorVector(b, startB.neg()), 0);
        }
        return new LowRankChange(Tensors.keep(a.clone()), Tensors.keep(b.contiguous()));
    }

    /** W ← W_before + s·(A·B − A_start·B_start): an untrained adapter changes no bit. */
    public void merge() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            for (Attached adapter : attached) {
                Tensor trained = change(adapter.a(), adapter.b(), adapter.scale());
                Tensor start = change(adapter.startA(), adapter.startB(), adapter.scale());
                weight(adapter.projection()).copy_(adapter.original().add(trained.sub(start)));
                adapter.close();
            }
        }
        attached.clear();
    }

    /** Removes the adapters and what they have learned; every weight has the bits that it had before. */
    public void detach() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            if (start == Start.IN_WEIGHT) {
                attached.forEach(its -> weight(its.projection()).copy_(its.original()));
            }
        }
        close();
        attached.clear();
    }

    @Override
    public void close() {
        attached.forEach(Attached::close);
    }
}
