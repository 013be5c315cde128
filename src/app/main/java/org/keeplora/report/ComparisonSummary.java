package org.keeplora.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/**
 * Which of several runs has the best Last, the least forgetting and the best General, and whether the test images are
 * enough to distinguish the runs.
 */
final class ComparisonSummary {
    private final List<RunGroup> groups;

    /** Whether the number of test images is known for every run. */
    private final boolean certain;

    private ComparisonSummary(List<RunGroup> groups) {
        this.groups = groups;
        this.certain = groups.stream().noneMatch(group -> Double.isNaN(group.margin(Headline.LAST)));
    }

    /** One figure of a run, or of several seeds of one setting. */
    private record Standing(String name, double value, double margin) {}

    /** Plain sentences; none for a single group. */
    static List<String> of(List<RunGroup> groups) {
        if (groups.size() < 2) {
            return List.of();
        }
        if (differ(groups, group -> Set.copyOf(group.tasks()))) {
            return List.of("The runs have different tasks, so their figures cannot be compared.");
        }
        if (differInSize(groups, groups.get(0).tasks())) {
            return List.of("The runs have different test sets, so their figures cannot be compared.");
        }
        return new ComparisonSummary(groups).sentences();
    }

    private static boolean differ(List<RunGroup> groups, Function<RunGroup, Object> property) {
        return groups.stream().map(property).distinct().count() > 1;
    }

    /** Whether the groups with known sizes differ in them. */
    private static boolean differInSize(List<RunGroup> groups, List<String> sets) {
        List<RunGroup> sized =
                groups.stream().filter(group -> !sizes(group, sets).isEmpty()).toList();
        return differ(sized, group -> sizes(group, sets));
    }

    private static Map<String, TestSet> sizes(RunGroup group, List<String> names) {
        Map<String, TestSet> sizes = new HashMap<>(group.first().facts().tests());
        sizes.keySet().retainAll(names);
        return sizes;
    }

    private List<String> sentences() {
        List<String> sentences = new ArrayList<>(List.of(sentence(Headline.LAST, "ends highest with %s", groups)));
        List<RunGroup> learning = groups.stream().filter(RunGroup::learns).toList();
        boolean forget = learning.size() > 1 && groups.get(0).tasks().size() > 1;
        if (forget) {
            sentences.add(sentence(Headline.FORGETTING, "loses least, %s", learning));
        }
        boolean general = learning.size() > 1 && haveSameProbes(learning);
        if (general) {
            sentences.add(sentence(Headline.GENERAL, "keeps most, %s", learning));
        }
        sentences.add(
                certain
                        ? uncertainty(general)
                        : "How certain the differences are is not known: not every run says how many"
                                + " images it was tested on.");
        return sentences;
    }

    private static boolean haveSameProbes(List<RunGroup> learning) {
        List<String> probes = learning.get(0).first().tables().probes().probes();
        return !probes.isEmpty()
                && !differ(learning, group -> group.first().tables().probes().probes())
                && !differInSize(learning, probes);
    }

    private String sentence(Headline headline, String verb, List<RunGroup> compared) {
        Comparator<Standing> byValue = Comparator.comparingDouble(Standing::value);
        List<Standing> ranking = compared.stream()
                .map(group -> new Standing(group.name(), group.mean(headline::of), group.margin(headline)))
                .sorted(headline == Headline.FORGETTING ? byValue : byValue.reversed())
                .toList();
        Standing best = ranking.get(0);
        List<String> level = ranking.stream()
                .filter(other -> Math.abs(other.value() - best.value()) < Wording.SMALLEST_DIFFERENCE)
                .map(Standing::name)
                .toList();
        boolean alone = level.size() == 1;
        String value = headline == Headline.FORGETTING ? Wording.points(best.value()) : Wording.percent(best.value());
        return headline.title() + " (" + headline.note() + "): " + Wording.joined(level) + " "
                + String.format(Locale.ROOT, alone ? verb : "are level at %s", value)
                + (headline == Headline.GENERAL ? before(compared) : "")
                + (alone ? "; " + lead(ranking) : "") + ".";
    }

    private static String before(List<RunGroup> compared) {
        double before = compared.get(0).mean(run -> Headline.GENERAL.before(run).mean());
        return Double.isNaN(before) ? "" : ", of " + Wording.percent(before) + " before any training";
    }

    /** The lead over the next run; or the runs whose distance from the best is within the uncertainty. */
    private String lead(List<Standing> ranking) {
        Standing best = ranking.get(0);
        Standing next = ranking.get(1);
        if (!certain) {
            return "the next, " + next.name() + ", has " + behind(best, next);
        }
        List<String> close = ranking.stream()
                .skip(1)
                .filter(other -> !Wording.isClear(other.value() - best.value(), margin(best, other)))
                .map(other -> other.name() + " with " + behind(best, other) + " (" + Wording.margin(margin(best, other))
                        + ")")
                .toList();
        return close.isEmpty()
                ? "the next, " + next.name() + ", has " + behind(best, next) + ", "
                        + Wording.certainty(next.value() - best.value(), margin(best, next))
                : "not clearly: " + Wording.joined(close) + " " + (close.size() == 1 ? "is" : "are")
                        + " within the uncertainty";
    }

    private static double margin(Standing best, Standing other) {
        return Headline.differenceMargin(best.margin(), other.margin());
    }

    private static String behind(Standing best, Standing other) {
        double difference = other.value() - best.value();
        return Wording.points(Math.abs(difference)) + " " + (difference > 0 ? "more" : "less");
    }

    private String uncertainty(boolean general) {
        RunReport run = groups.get(0).first();
        String images = Headline.LAST.accuracies(run).images() + " of the tasks";
        String chance = Wording.percent(Headline.LAST.chance(run));
        if (general) {
            images += ", " + Headline.GENERAL.accuracies(run).images() + " of General";
            chance += " and " + Wording.percent(Headline.GENERAL.chance(run));
        }
        boolean seeds = groups.stream().anyMatch(group -> group.runs().size() > 1);
        return String.format(
                Locale.ROOT,
                "The uncertainty (95\u00a0%%) comes from the number of test images (%s)%s. Guessing would give %s.",
                images,
                seeds
                        ? " and, where there are several seeds, from their spread"
                        : "; what another seed would change is not in it",
                chance);
    }
}
