package org.keeplora.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tower;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Projector;
import org.keeplora.engine.Scope;
import org.keeplora.method.Growth;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.method.Switches;
import org.keeplora.method.WeightSubspace;
import org.keeplora.store.ArraySource;
import org.keeplora.store.BadFile;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.TorchMatrix;

/** The protected subspace of every site, and how each last grew. Closes the subspaces. */
final class SiteSubspaces implements AutoCloseable {
    /** M of a site, which is stored if it is narrower than Q. */
    private static final String PROTECTED = "protected/";
    /** Q of a site, which is stored if it is narrower than M. */
    private static final String FREE = "free/";

    private final Linalg linalg;
    private final Map<Site, PrincipalSubspace> subspaces = new LinkedHashMap<>();
    private final Map<Site, Growth> growths = new LinkedHashMap<>();

    private SiteSubspaces(Linalg linalg) {
        this.linalg = linalg;
    }

    /** Empty subspaces, which protect nothing. */
    static SiteSubspaces empty(Linalg linalg, ClipModel model) {
        SiteSubspaces empty = new SiteSubspaces(linalg);
        model.sites()
                .forEach(site -> empty.subspaces.put(site, PrincipalSubspace.empty(linalg, model.inputWidth(site))));
        return empty;
    }

    /** The subspaces that protect the pre-trained weights. */
    static SiteSubspaces ofWeights(Linalg linalg, ClipModel model, MethodSettings settings) {
        SiteSubspaces all = new SiteSubspaces(linalg);
        Switches switches = settings.switches();
        try (PointerScope tensors = new PointerScope();
                NoGradGuard guard = new NoGradGuard();
                Scope scope = new Scope()) {
            for (Tower tower : Tower.values()) {
                Map<Site, Matrix> weights = new LinkedHashMap<>();
                model.sites().stream()
                        .filter(site -> site.tower() == tower)
                        .forEach(site -> weights.put(
                                site,
                                scope.keep(
                                        TorchMatrix.view(model.weight(site).t().contiguous(), linalg))));
                double share = settings.protection().weights(tower);
                bySite(
                                weights,
                                batch -> WeightSubspace.of(
                                        linalg, batch, switches.weightBasis(), switches.rankRule(), share))
                        .forEach((site, protects) -> {
                            all.subspaces.put(site, protects.subspace());
                            all.growths.put(site, protects.growth());
                        });
            }
            return all;
        } catch (RuntimeException e) {
            all.close();
            throw e;
        }
    }

    /**
     * Computes the problems of all sites as one batch. Only here does the order of a batch stand for the order of the
     * sites.
     */
    static <P, R> Map<Site, R> bySite(Map<Site, P> problems, Function<List<P>, List<R>> batch) {
        List<R> results = batch.apply(List.copyOf(problems.values()));
        Map<Site, R> bySite = new LinkedHashMap<>();
        problems.keySet().forEach(site -> bySite.put(site, results.get(bySite.size())));
        return bySite;
    }

    /** The protected subspace of {@code site}; belongs to this object. */
    PrincipalSubspace of(Site site) {
        return subspaces.get(site);
    }

    /**
     * The start factors of a task's adapters; the caller closes them.
     *
     * @param gradients of every site
     * @param settings rank r and the start of B
     */
    Map<Site, LoraFactors> starts(Map<Site, Matrix> gradients, MethodSettings settings, ToLongFunction<Site> seeds) {
        Map<Site, LoraStart> starts = new LinkedHashMap<>();
        subspaces.forEach((site, subspace) ->
                starts.put(site, new LoraStart(subspace, gradients.get(site), seeds.applyAsLong(site))));
        return bySite(
                starts,
                batch -> LoraStart.factors(
                        linalg, batch, settings.rank(), settings.switches().startB()));
    }

    /**
     * Grows every subspace until it covers {@code share} of the energy of its site.
     *
     * @param moments C [in x in] float64 of every site
     */
    void extend(Function<Site, Matrix> moments, double share) {
        Map<Site, PrincipalSubspace.Extension> extensions = new LinkedHashMap<>();
        subspaces.forEach((site, subspace) ->
                extensions.put(site, new PrincipalSubspace.Extension(subspace, moments.apply(site))));
        growths.putAll(bySite(extensions, batch -> PrincipalSubspace.extend(linalg, batch, share)));
    }

    /** Protected directions of every site. */
    Map<Site, Integer> ranks() {
        Map<Site, Integer> ranks = new LinkedHashMap<>();
        subspaces.forEach((site, subspace) -> ranks.put(site, subspace.rank()));
        return ranks;
    }

    /** How every subspace last grew; empty if that is not known. */
    Map<Site, Growth> growths() {
        return growths;
    }

    /**
     * For every site the narrower of two orthonormal bases, float32: {@code protected/SITE} M [in x k] or
     * {@code free/SITE} Q [in x (in−k)].
     */
    List<NamedArray> state() {
        List<NamedArray> arrays = new ArrayList<>();
        subspaces.forEach((site, subspace) -> {
            Matrix basis = subspace.projector().basis();
            boolean isM = subspace.projector().kept() == Projector.Part.OUTSIDE_SPAN;
            arrays.add(NamedArray.of(
                    (isM ? PROTECTED : FREE) + site, new long[] {basis.rows(), basis.cols()}, basis.toFloats()));
        });
        return arrays;
    }

    /**
     * Restores the subspaces that {@link #state} returned. How they grew is not restored.
     *
     * @throws BadFile if there is none for a site, or one that cannot be used
     */
    void restore(ArraySource stored) {
        growths.clear();
        subspaces.replaceAll((site, before) -> {
            PrincipalSubspace restored = restored(stored, site, before.in());
            before.close();
            return restored;
        });
    }

    private PrincipalSubspace restored(ArraySource stored, Site site, int in) {
        boolean isQ = stored.names().contains(FREE + site);
        NamedArray array = Checkpoints.array(stored, (isQ ? FREE : PROTECTED) + site);
        long[] shape = array.shape();
        if (shape.length != 2 || shape[0] != in || shape[1] > in) {
            throw new BadFile(
                    stored.file(),
                    array.name() + " has shape " + Arrays.toString(shape) + " but the site has input width " + in
                            + "; it must be [" + in + " x at most " + in + "]");
        }
        try (Matrix basis = Matrix.copyOf(in, (int) shape[1], array.toFloats())) {
            return PrincipalSubspace.of(linalg, isQ ? Projector.onto(basis) : Projector.outOf(basis));
        } catch (IllegalArgumentException e) {
            throw new BadFile(stored.file(), array.name() + " cannot be used: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        subspaces.values().forEach(PrincipalSubspace::close);
    }
}
