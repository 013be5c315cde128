package org.keeplora.learner;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Projector.Part;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.method.Switches;

/** Makes a learner from the file that {@link LearnerFile} wrote. Every value is checked before it is used. */
final class StoredLearner {
    private static final String SITE = "site/";

    private final Path file;
    private final SafetensorsFile stored;
    /** Names of matrices that nothing has asked for. */
    private final Set<String> unread;

    private StoredLearner(Path file, SafetensorsFile stored) {
        this.file = file;
        this.stored = stored;
        this.unread = new TreeSet<>(stored.matrices().keySet());
    }

    /**
     * A learner on {@code linalg}, which stays the caller's.
     *
     * @throws DamagedFile if the file is not whole, or holds something else
     */
    static ContinualLearner load(Path file, BatchLinalg linalg) {
        try (ResourceScope scope = new ResourceScope()) {
            return new StoredLearner(file, SafetensorsFile.read(file, scope)).learner(linalg);
        } catch (IllegalArgumentException e) {
            throw e instanceof DamagedFile ? e : new DamagedFile(file, e.getMessage());
        }
    }

    private ContinualLearner learner(BatchLinalg linalg) {
        require(LearnerFile.FORMAT.equals(stored.facts().get("format")), "it is not a \"" + LearnerFile.FORMAT + "\"");
        Map<String, Site> sites = new LinkedHashMap<>();
        Map<String, Matrix> protectedBases = new LinkedHashMap<>();
        Map<String, Matrix> freeBases = new LinkedHashMap<>();
        stored.facts().forEach((key, value) -> {
            if (key.startsWith(SITE)) {
                String name = key.substring(SITE.length());
                Words words = new Words(key, value);
                sites.put(name, site(name, words));
                Part kept = words.get("kept", Part::valueOf);
                (kept == Part.OUTSIDE_SPAN ? protectedBases : freeBases).put(name, matrix("protected/" + name));
            }
        });
        require(!sites.isEmpty(), "it names no site");
        Words settings = new Words("settings", stored.facts().getOrDefault("settings", ""));
        ContinualLearner learner = new ContinualLearner(linalg, settings(settings), sites);
        try {
            learner.restore(new LearnerState(
                    settings.get("tasks", Integer::parseInt),
                    settings.get("inTask", StoredLearner::truth),
                    protectedBases,
                    freeBases));
            Map<String, Long> gradients = terms(LearnerFile.GRADIENT);
            if (!gradients.isEmpty()) {
                fill(learner, learner.gradients(gradients.keySet()), LearnerFile.GRADIENT, gradients);
            }
            Map<String, Long> moments = terms(LearnerFile.MOMENT);
            if (!moments.isEmpty()) {
                fill(learner, learner.inputs(), LearnerFile.MOMENT, moments);
            }
            learner.continueWith(adapters(learner, linalg, settings(settings)));
            require(unread.isEmpty(), "it holds " + unread + ", which are of no site, or of no task");
            return learner;
        } catch (RuntimeException | Error e) {
            learner.close();
            throw e;
        }
    }

    private static boolean truth(String word) {
        Require.that(word.equals("true") || word.equals("false"), "inTask is %s; it must be true or false", word);
        return word.equals("true");
    }

    private static Site site(String name, Words words) {
        return new Site(
                name,
                words.get("in", Integer::parseInt),
                words.get("out", Integer::parseInt),
                words.rest("input"),
                words.get("weightEnergy", Double::parseDouble),
                words.get("featureEnergy", Double::parseDouble),
                words.get("scaleFactor", Double::parseDouble));
    }

    private static LearnerSettings settings(Words words) {
        return new LearnerSettings(
                words.get("rank", Integer::parseInt),
                words.get("alpha", Double::parseDouble),
                words.get("seed", Long::parseLong),
                words.get("weightBasis", Switches.WeightBasis::valueOf),
                words.get("rankRule", Switches.RankRule::valueOf),
                words.get("startB", Switches.StartB::valueOf),
                words.get("inputProducts", ElementType::valueOf));
    }

    /** Number of terms of every sum of {@code kind}. */
    private Map<String, Long> terms(String kind) {
        Map<String, Long> terms = new LinkedHashMap<>();
        stored.facts().forEach((key, value) -> {
            if (key.startsWith(kind)) {
                terms.put(key.substring(kind.length()), new Words(key, "terms=" + value).get("terms", Long::parseLong));
            }
        });
        return terms;
    }

    private void fill(ContinualLearner learner, ArraySink sink, String kind, Map<String, Long> terms) {
        terms.forEach((name, count) -> {
            require(count >= 0 && count < Long.MAX_VALUE, kind + name + " has " + count + " terms");
            if (count > 0) {
                Matrix total = learner.linalg().copyOf(matrix(kind + name));
                try {
                    sink.put(name, total, count);
                } catch (RuntimeException | Error e) {
                    total.close();
                    throw e;
                }
            }
        });
    }

    /** The adapters of the task that had not ended; null if they were closed. */
    private TaskAdapters adapters(ContinualLearner learner, BatchLinalg linalg, LearnerSettings settings) {
        Map<String, SiteAdapter> adapters = new LinkedHashMap<>();
        try {
            learner.sites().forEach((name, site) -> {
                String prefix = LearnerFile.ADAPTER + name;
                if (learner.state().inTask() && stored.matrices().containsKey(prefix + "/a")) {
                    adapters.put(name, adapter(linalg, site, settings.scale(site), prefix));
                }
            });
        } catch (RuntimeException | Error e) {
            adapters.values().forEach(SiteAdapter::close);
            throw e;
        }
        return adapters.isEmpty() ? null : new TaskAdapters(learner.tasks(), adapters);
    }

    private SiteAdapter adapter(BatchLinalg linalg, Site site, double scale, String prefix) {
        Matrix a = matrix(prefix + "/a");
        Matrix b = matrix(prefix + "/b");
        Matrix startB = matrix(prefix + "/startB");
        require(
                a.rows() == site.in()
                        && List.of(b, startB).stream()
                                .allMatch(m ->
                                        m.rows() == a.cols() && m.cols() == site.out() && m.type() == ElementType.F32)
                        && a.type() == ElementType.F32,
                prefix + " does not fit its site");
        return SiteAdapter.copyOf(linalg, site, scale, a, b, startB);
    }

    private Matrix matrix(String name) {
        Matrix matrix = stored.matrices().get(name);
        require(matrix != null, "it has no array " + name);
        unread.remove(name);
        require(
                Arrays.stream(matrix.toDoubles()).allMatch(Double::isFinite),
                "array " + name + " holds NaN or an infinity");
        return matrix;
    }

    private void require(boolean holds, String problem) {
        SafetensorsFile.require(file, holds, problem);
    }

    /** A fact of the form {@code key=word key=word}. */
    private record Words(String fact, String text) {
        <T> T get(String key, Function<String, T> parse) {
            for (String word : text.split(" ")) {
                if (word.startsWith(key + "=")) {
                    try {
                        return parse.apply(word.substring(key.length() + 1));
                    } catch (IllegalArgumentException e) {
                        throw new IllegalArgumentException(fact + " has " + word + ": " + e.getMessage(), e);
                    }
                }
            }
            throw new IllegalArgumentException(fact + " has no " + key);
        }

        /** All that follows the last key. */
        String rest(String key) {
            int at = text.indexOf(" " + key + "=");
            Require.that(at >= 0, "%s has no %s", fact, key);
            return text.substring(at + key.length() + 2);
        }
    }
}
