package org.keeplora.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.keeplora.report.Charts.Chart;

/** The sections of a page about accuracies: the tables, every task over time, and General; for one run or several. */
final class AccuracySections {
    private static final int SMALL_WIDTH = 172;
    private static final int SMALL_HEIGHT = 132;

    private final Charts charts;
    private final List<RunGroup> groups;

    /** A line: values after 0, 1, ... tasks, and the number of its style. */
    private record Line(List<Double> values, int style) {}

    /**
     * Straight lines beside the curves.
     *
     * @param learned the number of tasks after which the set's own task was learned; null for none
     * @param chance percent; NaN for none
     */
    private record Marks(Integer learned, double chance) {}

    AccuracySections(Charts charts, List<RunGroup> groups) {
        this.charts = charts;
        this.groups = groups;
    }

    /** Every accuracy as a table cell, one table per group. */
    Section table() {
        Scale scale = scaleOfTasks();
        List<Figure> figures = groups.stream()
                .map(group -> new Figure(groups.size() > 1 ? group.name() : "", heatMap(group, scale)))
                .toList();
        boolean learns = groups.stream().anyMatch(RunGroup::learns);
        String stairs =
                " Time runs downwards. Right of the stairs, in italics, a task has not been learned yet (Transfer); left of "
                        + "them, in bold, it has, and numbers that fall downwards are forgetting.";
        String reading =
                "Each row is one test of all tasks: the percentage of test images that were classified correctly; high is good."
                        + (learns ? stairs : "") + " "
                        + String.format(Locale.ROOT, "Dark is %.0f, bright is %.0f.", scale.low(), scale.high());
        return new Section("accuracy", "Accuracy after every task", reading, Section.WIDE, figures);
    }

    private Scale scaleOfTasks() {
        return Scale.around(accuracies());
    }

    private Stream<Double> accuracies() {
        return groups.stream().flatMap(group -> group.tasks().stream().flatMap(task -> group.progress(task).stream()));
    }

    /** Percent that guessing gives on a task or probe; NaN when its number of classes is not known. */
    private double chance(String set) {
        return groups.stream()
                .map(group -> group.first().facts().tests().get(set))
                .filter(Objects::nonNull)
                .mapToDouble(TestSet::chance)
                .findFirst()
                .orElse(Double.NaN);
    }

    private String heatMap(RunGroup group, Scale scale) {
        List<String> rows = new ArrayList<>(List.of(AccuracyTable.ZERO_SHOT));
        if (group.learns()) {
            group.tasks().forEach(task -> rows.add("after " + task));
        }
        List<List<Double>> columns = group.tasks().stream().map(group::progress).toList();
        List<List<Double>> cells = new ArrayList<>();
        int first = group.hasZeroShot() ? 0 : 1;
        for (int i = first; i < rows.size(); i++) {
            int row = i;
            cells.add(columns.stream().map(column -> column.get(row)).toList());
        }
        String description =
                "Accuracy of " + group.name() + ": " + cells.size() + " tests of " + columns.size() + " tasks";
        Map<String, Object> data = new HashMap<>(scale.ends());
        data.put("columns", group.tasks());
        data.put("rows", rows.subList(first, rows.size()));
        data.put("cells", cells.stream().map(Charts::orNulls).toList());
        data.put("decimals", 1);
        data.put("stairs", group.learns());
        data.put("firstRow", first);
        return charts.svg(new Chart("heatMap", description, data));
    }

    /** Every task's accuracy over time, one small chart each; empty when nothing was learned. */
    Optional<Section> progress() {
        if (groups.stream().noneMatch(RunGroup::learns)) {
            return Optional.empty();
        }
        List<String> tasks = groups.stream()
                .flatMap(group -> group.tasks().stream())
                .distinct()
                .toList();
        Scale scale = Scale.around(Stream.concat(accuracies(), tasks.stream().map(this::chance)));
        List<Figure> figures = tasks.stream()
                .map(task -> new Figure(task, progress(task, scale)))
                .toList();
        String dashed = groups.size() == 1 ? "; before it the curve is dashed" : "";
        String reading =
                "One chart a task: its accuracy in percent (upwards; high is good) by the number of tasks learned so far (to the "
                        + "right). The upright line marks when the task itself was learned" + dashed
                        + ". A curve that stays level after the mark forgets nothing." + dotted(tasks);
        return Optional.of(new Section("progress", "Every task over time", reading, Section.SMALL, figures));
    }

    /** How to read the line of {@link #chance}, if there is one. */
    private String dotted(List<String> sets) {
        return sets.stream().allMatch(set -> Double.isNaN(chance(set)))
                ? ""
                : " The dotted line is chance, what guessing would give.";
    }

    private String progress(String task, Scale scale) {
        List<Line> lines = new ArrayList<>();
        List<Integer> learned = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            RunGroup group = groups.get(i);
            int number = group.tasks().indexOf(task) + 1;
            if (number > 0) {
                lines.add(new Line(group.progress(task), i));
            }
            if (number > 0 && group.learns() && !learned.contains(number)) {
                learned.add(number);
            }
        }
        Integer mark = learned.size() == 1 ? learned.get(0) : null;
        String description = "Accuracy on " + task + " by number of tasks learned";
        return lines(description, lines, scale, new Marks(mark, chance(task)));
    }

    private String lines(String description, List<Line> lines, Scale scale, Marks marks) {
        Map<String, Object> data = new HashMap<>(scale.ends());
        data.put(
                "series",
                lines.stream()
                        .map(line -> Map.of("values", Charts.orNulls(line.values()), "style", line.style()))
                        .toList());
        data.put("learned", marks.learned());
        data.put("chance", Double.isNaN(marks.chance()) ? null : marks.chance());
        data.put("numbered", lines.size() == 1);
        data.put("width", SMALL_WIDTH);
        data.put("height", SMALL_HEIGHT);
        return charts.svg(new Chart("progress", description, data));
    }

    /** General over time: the mean over the probes, and every probe when there are several; empty without probes. */
    Optional<Section> general() {
        List<String> probes = groups.stream()
                .flatMap(group -> group.first().tables().probes().probes().stream())
                .distinct()
                .toList();
        if (probes.isEmpty()) {
            return Optional.empty();
        }
        Scale scale = Scale.around(Stream.concat(
                probes.stream().flatMap(probe -> ofProbe(probe).stream()).flatMap(line -> line.values().stream()),
                probes.stream().map(this::chance)));
        List<Figure> figures = new ArrayList<>();
        if (probes.size() > 1) {
            Marks marks = new Marks(
                    null, Metric.mean(probes.stream().map(this::chance).toList()));
            figures.add(new Figure("Mean", lines("General by number of tasks learned", meanOfProbes(), scale, marks)));
        }
        for (String probe : probes) {
            String description = "Accuracy on the probe " + probe + " by number of tasks learned";
            figures.add(new Figure(probe, lines(description, ofProbe(probe), scale, new Marks(null, chance(probe)))));
        }
        return Optional.of(new Section(
                "general",
                "General knowledge",
                "Accuracy in percent on sets that no task trains on, by the number of tasks learned; high is good. A curve that falls "
                        + "means that knowledge from pre-training gets lost." + dotted(probes),
                Section.SMALL,
                figures));
    }

    private List<Line> ofProbe(String probe) {
        return IntStream.range(0, groups.size())
                .filter(i -> groups.get(i).first().tables().probes().probes().contains(probe))
                .mapToObj(i -> new Line(
                        groups.get(i).means(run -> {
                            ProbeTable table = run.tables().probes();
                            int column = table.probes().indexOf(probe);
                            return table.rows().stream()
                                    .map(row -> row.percent().get(column))
                                    .toList();
                        }),
                        i))
                .toList();
    }

    private List<Line> meanOfProbes() {
        return IntStream.range(0, groups.size())
                .filter(i -> !groups.get(i).first().tables().probes().probes().isEmpty())
                .mapToObj(i -> new Line(
                        groups.get(i).means(run -> run.tables().probes().rows().stream()
                                .map(AccuracyTable.Row::mean)
                                .toList()),
                        i))
                .toList();
    }
}
