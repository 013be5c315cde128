package org.keeplora.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import ai.djl.util.Pair;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.keeplora.engine.internal.Require;
import org.keeplora.learner.LearnerBuilder;
import org.keeplora.learner.Site;

/**
 * Every {@link KeepLoraLinear} of a block, by the name of its parameters in {@link Block#getParameters} without
 * "_weight". A block that stands in several places has the name of the first.
 */
final class LinearSites {
    private final Map<String, KeepLoraLinear> byName = new LinkedHashMap<>();

    /** @throws IllegalArgumentException if there is none, or one is not initialised or not float32 */
    LinearSites(Block block) {
        find("", block, Collections.newSetFromMap(new IdentityHashMap<>()));
        Require.that(
                !byName.isEmpty(), "DjlLearner: the block has no KeepLoraLinear; it needs one in place of each Linear");
        byName.forEach(LinearSites::requireReady);
    }

    private void find(String name, Block block, Set<Block> found) {
        if (block instanceof KeepLoraLinear linear && found.add(block)) {
            byName.put(name.isEmpty() ? "linear" : name, linear);
        }
        for (Pair<String, Block> child : block.getChildren()) {
            find(name.isEmpty() ? child.getKey() : name + "_" + child.getKey(), child.getValue(), found);
        }
    }

    private static void requireReady(String name, KeepLoraLinear linear) {
        Parameter weight = linear.weight();
        Require.that(
                weight.isInitialized(),
                "DjlLearner: " + name + " is not initialised; call Trainer.initialize, or load its parameters, first");
        DataType type = weight.getArray().getDataType();
        Require.that(
                type == DataType.FLOAT32, "DjlLearner: " + name + ": its weight is " + type + "; it must be float32");
    }

    Map<String, KeepLoraLinear> byName() {
        return byName;
    }

    KeepLoraLinear of(String site) {
        return byName.get(site);
    }

    /** W [out x in] of {@code site}. */
    NDArray weight(String site) {
        return of(site).weight().getArray();
    }

    /** Whether a parameter is one of the weights. */
    Predicate<Parameter> weights() {
        return byName.values().stream().map(KeepLoraLinear::weight).collect(Collectors.toSet())::contains;
    }

    /** A manager for arrays of a short life, beside the weights. */
    NDManager scratch() {
        return byName.values()
                .iterator()
                .next()
                .weight()
                .getArray()
                .getManager()
                .newSubManager();
    }

    void addTo(LearnerBuilder builder, UnaryOperator<Site> each) {
        byName.keySet().forEach(name -> builder.site(name, width(name, 1), width(name, 0), each));
    }

    private int width(String name, int dimension) {
        return Math.toIntExact(weight(name).getShape().get(dimension));
    }

    /** @throws IllegalArgumentException naming the first site that is not the same in {@code stored} */
    void requireSame(Map<String, Site> stored) {
        Require.that(
                stored.keySet().equals(byName.keySet()),
                "DjlLearner.load: the file has the sites " + stored.keySet() + " but the block has " + byName.keySet());
        stored.forEach((name, site) -> Require.that(
                site.in() == width(name, 1) && site.out() == width(name, 0),
                String.format(
                        Locale.ROOT,
                        "DjlLearner.load: %s is [%d x %d] in the file but [%d x %d] in the block",
                        name,
                        site.in(),
                        site.out(),
                        width(name, 1),
                        width(name, 0))));
    }
}
