package org.keeplora.clip;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.AdaptedLinear;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.Tensors;

/**
 * The state of a model in the middle of a run, as arrays. It makes a freshly loaded model identical to the bit: weights
 * from before adapters were attached, and adapters with their initial and current factors.
 */
public final class ModelState {
    private static final String WEIGHT = "weight/";
    private static final String ADAPTER = "adapter/";

    private ModelState() {}

    /** Which weights a run may have changed. */
    public enum Weights {
        /** The weights of the sites. */
        ADAPTED,
        /** All weights of both towers. */
        ALL
    }

    /** The state as copies on the heap; all names begin with {@code weight/} or {@code adapter/}. */
    public static List<NamedArray> of(ClipModel model, Weights changed) {
        List<NamedArray> arrays = new ArrayList<>();
        Map<Tensor, AdaptedLinear> linears = new IdentityHashMap<>();
        model.sites().stream().map(model::linear).forEach(linear -> linears.put(linear.weight(), linear));
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            model.weights().forEach((name, weight) -> {
                AdaptedLinear linear = linears.get(weight);
                if (linear != null) {
                    arrays.add(array(WEIGHT + name, linear.weightBefore()));
                } else if (changed == Weights.ALL) {
                    arrays.add(array(WEIGHT + name, weight));
                }
            });
            for (Site site : model.sites()) {
                Adapter start = model.linear(site).starts().get(ClipModel.part(site));
                if (start != null) {
                    Adapter now = model.linear(site).adapters().get(ClipModel.part(site));
                    arrays.addAll(adapter(ADAPTER + site + "/", start, now));
                }
            }
        }
        return arrays;
    }

    private static List<NamedArray> adapter(String prefix, Adapter start, Adapter now) {
        double[] kind = {start.scale(), start.trained().ordinal()};
        return List.of(
                array(prefix + "startA", start.a()),
                array(prefix + "startB", start.b()),
                array(prefix + "a", now.a()),
                array(prefix + "b", now.b()),
                NamedArray.of(prefix + "kind", new long[] {kind.length}, kind));
    }

    private static NamedArray array(String name, Tensor tensor) {
        return NamedArray.of(name, Tensors.shape(tensor), Tensors.floats(tensor));
    }

    /**
     * Restores in {@code model}, which must have no adapters, the state that {@link #of} returned; {@code stored} may
     * hold other arrays too.
     */
    public static void restore(ClipModel model, ArraySource stored) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            stored.names().stream().filter(name -> name.startsWith(WEIGHT)).forEach(name -> model.weights()
                    .get(name.substring(WEIGHT.length()))
                    .copy_(tensor(stored, name)));
            Map<Site, Adapter> starts = new LinkedHashMap<>();
            for (Site site : model.sites()) {
                String prefix = ADAPTER + site + "/";
                if (stored.names().contains(prefix + "kind")) {
                    double[] kind = stored.get(prefix + "kind").toDoubles();
                    starts.put(
                            site,
                            new Adapter(
                                    tensor(stored, prefix + "startA"),
                                    tensor(stored, prefix + "startB"),
                                    kind[0],
                                    Adapter.Trained.values()[(int) kind[1]]));
                }
            }
            model.attach(starts);
            for (Site site : starts.keySet()) {
                Adapter live = model.linear(site).adapters().get(ClipModel.part(site));
                live.a().copy_(tensor(stored, ADAPTER + site + "/a"));
                live.b().copy_(tensor(stored, ADAPTER + site + "/b"));
            }
        }
    }

    private static Tensor tensor(ArraySource stored, String name) {
        NamedArray array = stored.get(name);
        return Tensors.ofFloats(array.toFloats(), array.shape());
    }
}
