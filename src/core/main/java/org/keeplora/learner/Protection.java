package org.keeplora.learner;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.method.Growth;
import org.keeplora.method.internal.LoraFactors;
import org.keeplora.method.internal.LoraStart;
import org.keeplora.method.internal.PrincipalSubspace;
import org.keeplora.method.internal.WeightSubspace;

/** What is protected of every site. Only here does the order of a batch stand for the sites. */
final class Protection implements AutoCloseable {
    private final BatchLinalg linalg;
    private final LearnerSettings settings;
    private final Map<String, Site> sites;
    private final Map<String, PrincipalSubspace> subspaces = new LinkedHashMap<>();

    /** Protects nothing yet. */
    Protection(BatchLinalg linalg, LearnerSettings settings, Map<String, Site> sites) {
        this.linalg = linalg;
        this.settings = settings;
        this.sites = sites;
        try {
            sites.forEach((name, site) -> subspaces.put(name, PrincipalSubspace.empty(linalg, site.in())));
        } catch (RuntimeException | Error e) {
            close();
            throw e;
        }
    }

    boolean isEmpty() {
        return subspaces.values().stream().allMatch(subspace -> subspace.rank() == 0);
    }

    /** Protects the leading directions of the weights in place of what was protected. */
    Map<String, Growth> ofWeights(Map<String, Values> given) {
        List<String> order = List.copyOf(sites.keySet());
        try (ResourceScope scope = new ResourceScope()) {
            List<Matrix> weights = order.stream()
                    .map(name -> weight(sites.get(name), given.get(name), scope))
                    .toList();
            List<WeightSubspace> found = WeightSubspace.of(
                    linalg, weights, settings.weightBasis(), settings.rankRule(), i -> sites.get(order.get(i))
                            .weightEnergy());
            Map<String, Growth> growths = new LinkedHashMap<>();
            for (int i = 0; i < found.size(); i++) {
                subspaces.put(order.get(i), found.get(i).subspace()).close();
                growths.put(order.get(i), found.get(i).growth());
            }
            return growths;
        }
    }

    private Matrix weight(Site site, Values values, ResourceScope scope) {
        Require.that(values != null, "protectWeights: %s: no weight was given", site.name());
        try {
            Matrix weight = values.floats(linalg, site.in(), site.out(), scope);
            linalg.norms(List.of(weight)); // refuses what is not finite
            return weight;
        } catch (IllegalArgumentException e) {
            throw Names.about("protectWeights: " + site.name(), e);
        }
    }

    /**
     * The adapters of a task's sites.
     *
     * @param earlierTasks number of tasks before it
     */
    Map<String, SiteAdapter> starts(Gradients gradients, int earlierTasks) {
        Map<String, SiteAdapter> adapters = new LinkedHashMap<>();
        List<String> order = List.copyOf(sites.keySet());
        try (ResourceScope scope = new ResourceScope()) {
            List<LoraStart> starts = new ArrayList<>();
            Map<String, Matrix> means = gradients.means(scope);
            means.forEach((name, mean) ->
                    starts.add(new LoraStart(subspaces.get(name), mean, seed(earlierTasks, order.indexOf(name)))));
            Iterator<LoraFactors> factors = scope.keep(
                            LoraStart.factors(linalg, starts, settings.rank(), settings.startB()))
                    .iterator();
            means.keySet().forEach(name -> adapters.put(name, adapter(sites.get(name), factors.next())));
            return adapters;
        } catch (RuntimeException | Error e) {
            adapters.values().forEach(SiteAdapter::close);
            throw e;
        }
    }

    private SiteAdapter adapter(Site site, LoraFactors start) {
        return SiteAdapter.copyOf(linalg, site, settings.scale(site), start.a(), start.b(), start.b());
    }

    /** An independent seed for each site of each task. */
    private long seed(int earlierTasks, int site) {
        long ofTask = new SplittableRandom(settings.seed() + earlierTasks).nextLong();
        return new SplittableRandom(ofTask + site).nextLong();
    }

    /** Grows every site until its share of the energy of {@code inputs} is protected; all sites or none. */
    Map<String, Growth> grow(Inputs inputs, Growth.Detail detail) {
        List<String> growing = sites.values().stream()
                .filter(site -> site.featureEnergy() > 0)
                .map(Site::name)
                .toList();
        Map<String, Matrix> moments = inputs.totals();
        List<PrincipalSubspace.Extension> extensions = growing.stream()
                .map(name -> new PrincipalSubspace.Extension(
                        subspaces.get(name), moment(moments, sites.get(name).input())))
                .toList();
        List<Growth> inOrder = PrincipalSubspace.extend(
                linalg, extensions, i -> sites.get(growing.get(i)).featureEnergy(), detail);
        Map<String, Growth> grown = new LinkedHashMap<>();
        growing.forEach(name -> grown.put(name, inOrder.get(grown.size())));
        return grown;
    }

    private static Matrix moment(Map<String, Matrix> moments, String input) {
        Matrix moment = moments.get(input);
        Require.that(moment != null, "end: no rows of input %s were added", input);
        return moment;
    }

    Map<String, Integer> ranks() {
        Map<String, Integer> ranks = new LinkedHashMap<>();
        subspaces.forEach((name, subspace) -> ranks.put(name, subspace.rank()));
        return ranks;
    }

    /** M [in x k] float32 of {@code site}; the caller closes it. */
    Matrix basis(String site) {
        return subspaces.get(site).basis(linalg);
    }

    /** Its matrices belong to this object. */
    LearnerState state(int tasks, boolean inTask) {
        Map<String, Matrix> protectedBases = new LinkedHashMap<>();
        Map<String, Matrix> freeBases = new LinkedHashMap<>();
        subspaces.forEach((name, subspace) -> {
            Projector projector = subspace.projector();
            (projector.kept() == Part.OUTSIDE_SPAN ? protectedBases : freeBases).put(name, projector.basis());
        });
        return new LearnerState(tasks, inTask, protectedBases, freeBases);
    }

    void restore(LearnerState state) {
        state.requireSites(sites.keySet());
        Map<String, PrincipalSubspace> restored = ResourceScope.handOver(made -> {
            Map<String, PrincipalSubspace> all = new LinkedHashMap<>();
            sites.forEach((name, site) -> all.put(name, made.keep(state.subspace(linalg, site))));
            return all;
        });
        close();
        subspaces.putAll(restored);
    }

    @Override
    public void close() {
        subspaces.values().forEach(PrincipalSubspace::close);
    }
}
