package org.keeplora.learner;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.UnaryOperator;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Require;
import org.keeplora.method.Preset;
import org.keeplora.method.Switches;

/** The settings of a {@link ContinualLearner}. Only sites must be given. */
public final class LearnerBuilder {
    private record Described(int in, int out, UnaryOperator<Site> settings) {}

    private final Map<String, Described> sites = new LinkedHashMap<>();
    private int rank = 16;
    private OptionalDouble alpha = OptionalDouble.empty();
    private double weightEnergy = 0.6;
    private double featureEnergy = 0.99;
    private long seed = 42;
    private ElementType inputProducts = ElementType.F64;
    private Switches switches = Preset.PAPER.switches();
    private BackendChoice backend = BackendChoice.AUTO;
    private int threads = Runtime.getRuntime().availableProcessors();
    private BatchLinalg linalg;

    LearnerBuilder() {}

    /**
     * Adds a linear map with a weight [in x out].
     *
     * @param name unique; it stands in messages and files
     */
    public LearnerBuilder site(String name, int in, int out) {
        return site(name, in, out, site -> site);
    }

    /** As {@link #site(String, int, int)}, with settings of its own in place of the learner's. */
    public LearnerBuilder site(String name, int in, int out, UnaryOperator<Site> settings) {
        Require.that(settings != null, "site %s: the settings are null", Names.shown(name));
        Require.that(sites.put(name, new Described(in, out, settings)) == null, "site \"%s\" was given twice", name);
        return this;
    }

    /** r of the adapters, 16 unless given. */
    public LearnerBuilder rank(int rank) {
        this.rank = rank;
        return this;
    }

    /** The adapters' scale is alpha / r. Unless given, alpha is r, and the scale 1. */
    public LearnerBuilder alpha(double alpha) {
        this.alpha = OptionalDouble.of(alpha);
        return this;
    }

    /** ε_w, the share of Σσ² of each pre-trained weight to protect; 0.6 unless given. */
    public LearnerBuilder weightEnergy(double share) {
        this.weightEnergy = share;
        return this;
    }

    /** ε_f, the share of the energy of each task's inputs to protect; 0.99 unless given. */
    public LearnerBuilder featureEnergy(double share) {
        this.featureEnergy = share;
        return this;
    }

    /**
     * The type of the products xᵀx of inputs that are narrower than float64: F64 unless given. F32 takes little more
     * than half of the time on the host where inputs are large. It changes the protected directions by an angle of
     * sine 4e-6 in the median and 8e-5 at most, as measured on a pre-trained text encoder
     * (benchmarks/EXPERIMENTS.md, 24). Sums of more than 512 rows are float64 either way.
     */
    public LearnerBuilder inputProducts(ElementType type) {
        this.inputProducts = type;
        return this;
    }

    /** Seed of the adapters' starts, 42 unless given. */
    public LearnerBuilder seed(long seed) {
        this.seed = seed;
        return this;
    }

    /** A variant of the method, {@link Preset#PAPER}'s unless given. */
    public LearnerBuilder switches(Switches switches) {
        Require.that(switches != null, "the switches are null");
        this.switches = switches;
        return this;
    }

    /**
     * Where to compute, and with how many threads on the host. Unless given: the fastest backend, all processors. The
     * last call of this and of {@link #linalg} counts.
     */
    public LearnerBuilder backend(BackendChoice backend, int threads) {
        this.backend = backend;
        this.threads = threads;
        this.linalg = null;
        return this;
    }

    /** Computes with {@code linalg}, which stays the caller's and is closed after the learner. */
    public LearnerBuilder linalg(Linalg linalg) {
        this.linalg = BatchLinalg.of(linalg);
        return this;
    }

    private Site site(String name, Described its) {
        Site site = its.settings.apply(new Site(name, its.in, its.out, name, weightEnergy, featureEnergy, 1));
        Require.that(
                site != null && site.name().equals(name) && site.in() == its.in && site.out() == its.out,
                "site %s: its settings gave %s; they must keep name and widths",
                name,
                site);
        return site;
    }

    /**
     * The learner; the caller closes it.
     *
     * @throws IllegalArgumentException naming the setting or the site that cannot be
     * @throws org.keeplora.engine.BackendUnavailable if the backend was chosen by name and is not available
     */
    public ContinualLearner build() {
        Require.that(!sites.isEmpty(), "a learner needs at least one site");
        LearnerSettings settings = new LearnerSettings(
                rank,
                alpha.orElse(rank),
                seed,
                switches.weightBasis(),
                switches.rankRule(),
                switches.startB(),
                inputProducts);
        Map<String, Site> built = new LinkedHashMap<>();
        sites.forEach((name, its) -> built.put(name, site(name, its)));
        Site.requireSharedInputs(built.values());
        if (linalg != null) {
            return new ContinualLearner(linalg, settings, built);
        }
        BatchLinalg own = BatchLinalg.open(backend, threads);
        try {
            return new ContinualLearner(own, settings, built).owningLinalg();
        } catch (RuntimeException | Error e) {
            own.close();
            throw e;
        }
    }
}
