package org.keeplora.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.keeplora.report.Charts.Chart;
import org.keeplora.report.StageTimes.StageTime;

/** The sections of a page about the course of runs: losses, times and memory of the first run of each group. */
final class HistorySections {
    private static final int WIDTH = 172;
    private static final int HEIGHT = 122;
    private static final int MINUTE = 60;
    private static final int HOUR = 3600;
    private static final double MEGABYTE = 1e6;
    private static final double GIGABYTE = 1e9;
    /** If the mean losses span more than this factor, the axis is logarithmic. */
    private static final double LOGARITHMIC = 20;

    private static final double[] ROUND = {1, 2, 5, 10};

    private final Charts charts;
    private final List<RunGroup> groups;

    HistorySections(Charts charts, List<RunGroup> groups) {
        this.charts = charts;
        this.groups = groups;
    }

    private boolean seeds() {
        return groups.stream().anyMatch(group -> group.runs().size() > 1);
    }

    private RunHistory course(int group) {
        return groups.get(group).first().course();
    }

    /** The training loss of every task, one small chart each; empty when no loss is known. */
    Optional<Section> losses() {
        List<LossCurve> curves = groups.stream()
                .flatMap(group -> group.first().course().losses().stream())
                .map(HistorySections::finite)
                .filter(curve -> !curve.points().isEmpty())
                .toList();
        if (curves.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Object> axis = axis(curves);
        List<Figure> figures = curves.stream()
                .map(LossCurve::task)
                .distinct()
                .map(task -> new Figure(task, losses(task, axis)))
                .toList();
        boolean log = axis.get("log").equals(true);
        return Optional.of(new Section(
                "losses",
                "Training loss",
                "One chart a task: the loss (upwards; low is good"
                        + (log ? "; every line of the grid is ten times the one below" : "")
                        + ") by training step (to the right). It should fall and then level off. "
                        + "Long trainings are reduced to " + LossCurve.MOST_POINTS
                        + " points, each the mean over as many steps"
                        + (groups.size() == 1 ? "; the shade reaches from the least to the greatest of them." : ".")
                        + (seeds() ? " Of several seeds, the first." : ""),
                Section.SMALL,
                figures));
    }

    private static LossCurve finite(LossCurve curve) {
        return new LossCurve(
                curve.task(),
                curve.points().stream()
                        .filter(point -> !Double.isNaN(point.mean()))
                        .toList());
    }

    private static Map<String, Object> axis(List<LossCurve> curves) {
        List<LossCurve.Point> points =
                curves.stream().flatMap(curve -> curve.points().stream()).toList();
        double least = points.stream().mapToDouble(LossCurve.Point::mean).min().orElseThrow();
        double most = points.stream().mapToDouble(LossCurve.Point::mean).max().orElseThrow();
        boolean log = least > 0 && most / least > LOGARITHMIC;
        Map<String, Object> axis = new HashMap<>();
        axis.put("log", log);
        axis.put("low", log ? Math.pow(10, Math.floor(Math.log10(least))) : Math.min(0, least));
        axis.put("high", log ? Math.pow(10, Math.ceil(Math.log10(most))) : roundAbove(most));
        return axis;
    }

    /** The smallest number of the form 1, 2 or 5 times a power of ten that is not below {@code value}. */
    private static double roundAbove(double value) {
        double power = value > 0 ? Math.pow(10, Math.floor(Math.log10(value))) : 1;
        return Arrays.stream(ROUND)
                .map(round -> round * power)
                .filter(round -> round >= value)
                .findFirst()
                .orElseThrow();
    }

    private String losses(String task, Map<String, Object> axis) {
        List<Map<String, Object>> series = new ArrayList<>();
        int steps = 1;
        for (int i = 0; i < groups.size(); i++) {
            for (LossCurve curve : course(i).losses()) {
                List<LossCurve.Point> points = finite(curve).points();
                if (curve.task().equals(task) && !points.isEmpty()) {
                    series.add(Map.of("points", points(points), "style", i));
                    steps = Math.max(steps, points.get(points.size() - 1).step());
                }
            }
        }
        Map<String, Object> data = new HashMap<>(axis);
        data.put("series", series);
        data.put("steps", steps);
        data.put("band", groups.size() == 1);
        data.put("width", WIDTH);
        data.put("height", HEIGHT);
        return charts.svg(new Chart("curves", "Training loss of " + task + " by step", data));
    }

    private static List<List<Number>> points(List<LossCurve.Point> points) {
        return points.stream()
                .map(point -> List.<Number>of(point.step(), point.mean(), point.least(), point.most()))
                .toList();
    }

    /** Wall time by stage, and peak memory; empty when neither is known. */
    Optional<Section> costs() {
        double longest = groups.stream()
                .flatMap(group -> group.first().course().stages().stream())
                .mapToDouble(StageTime::seconds)
                .max()
                .orElse(0);
        List<Figure> figures = new ArrayList<>();
        for (int i = 0; i < groups.size(); i++) {
            String whose = groups.size() > 1 ? groups.get(i).name() + ": " : "";
            RunHistory course = course(i);
            if (!course.stages().isEmpty()) {
                figures.add(new Figure(whose + "time", times(course.stages(), longest, i)));
            }
            if (course.stages().stream().anyMatch(stage -> stage.sums().calls() > 0)) {
                figures.add(new Figure(whose + "contributed to sums over processes", sums(course.stages(), i)));
            }
            if (course.memory() != null
                    && (course.memory().resident() != null || course.memory().heap() != null)) {
                figures.add(new Figure(whose + "most memory held", memory(course.memory(), i)));
            }
        }
        return figures.isEmpty()
                ? Optional.empty()
                : Optional.of(new Section(
                        "costs",
                        "Time and memory",
                        "What the run cost: wall time of its stages, in their order (one that runs inside another counts in both), and the "
                                + "most memory that the process held where it is known; of several processes, the first, and the payload that each contributes to sums over all of them. Short bars are good."
                                + (seeds() ? " Of several seeds, the first." : ""),
                        Section.COLUMNS,
                        figures));
    }

    private String times(List<StageTime> stages, double longest, int style) {
        List<Bar> bars = stages.stream()
                .map(stage -> new Bar(
                        stage.runs() == 1 ? stage.name() : stage.name() + ", " + stage.runs() + " ×",
                        stage.seconds(),
                        duration(stage.seconds()),
                        style,
                        true))
                .toList();
        return charts.svg(Bar.chart("Wall time by stage", bars, longest));
    }

    private String sums(List<StageTime> stages, int style) {
        List<Bar> bars = stages.stream()
                .filter(stage -> stage.sums().calls() > 0)
                .map(stage -> new Bar(
                        stage.name() + ", " + stage.sums().calls() + " ×",
                        stage.sums().bytes(),
                        String.format(Locale.ROOT, "%.2f MB", stage.sums().bytes() / MEGABYTE),
                        style,
                        true))
                .toList();
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(0);
        return charts.svg(Bar.chart("Payload of sums over processes by stage", bars, most));
    }

    private String memory(MemoryUse memory, int style) {
        List<Bar> bars = new ArrayList<>();
        if (memory.resident() != null) {
            bars.add(new Bar("whole process", memory.resident(), gigabytes(memory.resident()), style, true));
        }
        if (memory.heap() != null) {
            bars.add(new Bar("Java heap", memory.heap(), gigabytes(memory.heap()), style, true));
        }
        double most = bars.stream().mapToDouble(Bar::value).max().orElse(0);
        return charts.svg(Bar.chart("Peak memory", bars, most));
    }

    /** "3.2 s", "4 min 05 s" or "2 h 07 min". */
    static String duration(double seconds) {
        long whole = Math.round(seconds);
        if (whole < MINUTE) {
            return String.format(Locale.ROOT, "%.1f s", seconds);
        }
        return whole < HOUR
                ? String.format(Locale.ROOT, "%d min %02d s", whole / MINUTE, whole % MINUTE)
                : String.format(Locale.ROOT, "%d h %02d min", whole / HOUR, whole % HOUR / MINUTE);
    }

    private static String gigabytes(long bytes) {
        return String.format(Locale.ROOT, "%.2f GB", bytes / GIGABYTE);
    }
}
