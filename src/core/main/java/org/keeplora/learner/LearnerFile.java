package org.keeplora.learner;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Place;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * A learner in one file. Its matrices: {@code protected/SITE}; of a task that has not ended {@code adapter/SITE/a},
 * {@code b} and {@code startB}; of passes that have not ended {@code gradient/SITE} and {@code moment/INPUT}.
 */
final class LearnerFile {
    static final String FORMAT = "keeplora4j learner 1";
    static final String ADAPTER = "adapter/";
    static final String GRADIENT = "gradient/";
    static final String MOMENT = "moment/";

    private LearnerFile() {}

    /** @param sinks gradients and inputs that are being collected, by their kind; nobody adds meanwhile */
    static void save(Path file, ContinualLearner learner, LearnerSettings settings, Map<String, ArraySink> sinks) {
        Map<String, String> facts = new LinkedHashMap<>();
        LearnerState state = learner.state();
        facts.put("format", FORMAT);
        facts.put(
                "settings",
                Require.text(
                        "rank=%d alpha=%s seed=%d weightBasis=%s rankRule=%s startB=%s inputProducts=%s tasks=%d inTask=%s",
                        settings.rank(),
                        settings.alpha(),
                        settings.seed(),
                        settings.weightBasis(),
                        settings.rankRule(),
                        settings.startB(),
                        settings.inputProducts(),
                        state.tasks(),
                        state.inTask()));
        Map<String, Matrix> matrices = new TreeMap<>();
        learner.sites().forEach((name, site) -> {
            Matrix free = state.freeBases().get(name);
            facts.put("site/" + name, facts(site, free == null ? Part.OUTSIDE_SPAN : Part.INSIDE_SPAN));
            matrices.put(
                    "protected/" + name, free == null ? state.protectedBases().get(name) : free);
        });
        learner.adapters()
                .filter(adapters -> state.inTask())
                .ifPresent(adapters -> adapters.forEach(adapter -> {
                    String name = ADAPTER + adapter.site().name();
                    matrices.put(name + "/a", adapter.a());
                    matrices.put(name + "/b", adapter.b());
                    matrices.put(name + "/startB", adapter.startB());
                }));
        sinks.forEach((kind, sink) -> {
            sink.names().forEach(name -> facts.put(kind + name, Long.toString(sink.terms(name))));
            sink.totals().forEach((name, total) -> matrices.put(kind + name, total));
        });
        try (ResourceScope scope = new ResourceScope()) {
            matrices.replaceAll((name, matrix) -> matrix.place() == Place.HOST ? matrix : scope.keep(matrix.toHost()));
            new SafetensorsFile(facts, matrices).write(file);
        }
    }

    private static String facts(Site site, Part kept) {
        return Require.text(
                "in=%d out=%d weightEnergy=%s featureEnergy=%s scaleFactor=%s kept=%s input=%s",
                site.in(),
                site.out(),
                site.weightEnergy(),
                site.featureEnergy(),
                site.scaleFactor(),
                kept,
                site.input());
    }
}
