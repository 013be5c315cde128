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

/**
 * A linear map whose output is one or several projections of equal width. Each projection can carry a LoRA adapter.
 *
 * <p>y = x·W' + b + s·(x·A)·B; the low-rank path avoids full weight gradients in training. An output projection has one
 * projection, packed query, key and value have three. The model owns weight and bias; this object closes the adapters.
 */
public final class AdaptedLinear implements AutoCloseable {
    private final Tensor weight;
    private final Tensor bias;
    private final int projections;
    private final int outWidth;
    private final List<Attached> attached = new ArrayList<>();

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
        this.weight = weight;
        this.bias = bias;
        this.projections = projections;
        this.outWidth = (int) (weight.size(0) / projections);
    }

    /** [.. x in] to [.. x projections·out], in the caller's scope. */
    public Tensor forward(Tensor x) {
        Tensor y = torch.linear(x, weight, new TensorOptional(bias));
        if (attached.isEmpty()) {
            return y;
        }
        TensorVector as = new TensorVector();
        TensorVector bs = new TensorVector();
        for (Attached adapter : attached) {
            as.push_back(adapter.a());
            bs.push_back(overAllProjections(adapter));
        }
        Tensor low = x.reshape(-1, x.size(-1)).matmul(torch.cat(as, 1));
        Tensor rows = torch.addmm(y.reshape(-1, y.size(-1)), low, torch.cat(bs, 0));
        return rows.reshape(y.sizes());
    }

    /**
     * s·B in the columns of its projection and zeros in the others [rank x projections·out], so that one product serves
     * all adapters.
     */
    private Tensor overAllProjections(Attached adapter) {
        Tensor scaled = adapter.b().mul(new Scalar(adapter.scale()));
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

    /** W ← W − s·A·B for one projection, which must have no adapter yet. */
    public void attach(int projection, Adapter adapter) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Tensor a = Tensors.keep(Tensors.beside(weight, adapter.a().detach()).clone());
            Tensor b = Tensors.keep(Tensors.beside(weight, adapter.b().detach()).clone());
            Tensor live = weight(projection);
            Tensor original = Tensors.keep(live.clone());
            live.sub_(change(a, b, adapter.scale()));
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

    @Override
    public void close() {
        attached.forEach(Attached::close);
    }
}
