package org.keeplora.report;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The page of one run, or of several side by side. */
final class ReportPage {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    /** Line styles as in charts.js. */
    private static final List<String> DASHES = List.of("", "7 3", "2 2", "9 3 2 3");

    private static final int COLORS = 7;

    private ReportPage() {}

    /** A number to be seen at once. */
    private record Tile(String name, String value, String note) {}

    private record Pair(String name, String value) {}

    private record Facts(String name, List<Pair> pairs) {}

    private record Key(String name, String dash, int color) {}

    private record Line(String name, List<String> cells) {}

    static String of(RunReport run, List<String> files) {
        Map<String, Object> page = new HashMap<>();
        page.put("title", run.title());
        page.put("subtitle", subtitle(run));
        page.put("verdict", Verdict.of(run));
        page.put("tiles", tiles(run));
        page.put("sections", sections(List.of(RunGroup.of(run))));
        page.put("facts", List.of(config("Configuration", run), versions(run)));
        if (!files.isEmpty()) {
            page.put("folder", Map.of("files", files));
        }
        return filled(page);
    }

    /** @param header of the table, whose lines are {@code rows}, each with its name first */
    static String of(List<RunGroup> groups, List<String> header, List<List<String>> rows) {
        Map<String, Object> page = new HashMap<>();
        page.put("title", groups.stream().mapToInt(group -> group.runs().size()).sum() + " runs side by side");
        List<Line> lines = rows.stream()
                .map(row -> new Line(row.get(0), row.subList(1, row.size())))
                .toList();
        page.put("runs", Map.of("header", header, "rows", lines));
        List<Key> keys = IntStream.range(0, groups.size())
                .mapToObj(i -> new Key(groups.get(i).name(), DASHES.get(i % DASHES.size()), i % COLORS))
                .toList();
        page.put("legend", Map.of("keys", keys));
        page.put("sections", sections(groups));
        page.put(
                "facts",
                groups.stream()
                        .map(group -> config(group.name(), group.first()))
                        .toList());
        return filled(page);
    }

    private static String filled(Map<String, Object> page) {
        page.put("style", Charts.text("page.css"));
        Mustache template =
                new DefaultMustacheFactory().compile(new StringReader(Charts.text("page.mustache")), "page.mustache");
        StringWriter text = new StringWriter();
        template.execute(text, page);
        return text.toString();
    }

    private static List<Section> sections(List<RunGroup> groups) {
        Charts charts = new Charts();
        AccuracySections accuracy = new AccuracySections(charts, groups);
        RankSections ranks = new RankSections(charts, groups);
        SpectrumSections spectra = new SpectrumSections(charts, groups);
        CourseSections course = new CourseSections(charts, groups);
        return Stream.of(
                        accuracy.table(),
                        accuracy.progress().orElse(null),
                        new MeanSection(charts, groups).section(),
                        accuracy.general().orElse(null),
                        ranks.ranks().orElse(null),
                        ranks.fullness().orElse(null),
                        spectra.weights().orElse(null),
                        spectra.coverage().orElse(null),
                        spectra.features().orElse(null),
                        course.losses().orElse(null),
                        course.costs().orElse(null))
                .filter(Objects::nonNull)
                .toList();
    }

    private static String subtitle(RunReport run) {
        String tasks = String.join(" → ", run.tables().accuracy().tasks());
        String date = run.course().finished() == null
                ? ""
                : ". " + DATE.format(run.course().finished());
        return tasks + ". Seed " + run.facts().seed() + date;
    }

    private static List<Tile> tiles(RunReport run) {
        ContinualMetrics metrics = run.metrics();
        List<Tile> tiles = new ArrayList<>(List.of(
                tile("Last", metrics.last().mean(), "all tasks, after the last one"),
                tile("Average", metrics.average().mean(), "all tasks, over all times"),
                tile("Transfer", metrics.transfer().mean(), "tasks not yet learned"),
                tile("Forgetting", metrics.forgetting().mean(), "points lost; low is good")));
        if (!run.tables().probes().probes().isEmpty()) {
            tiles.add(tile("General", run.tables().probes().general(), "sets outside of all tasks"));
        }
        return tiles;
    }

    private static Tile tile(String name, double value, String note) {
        return new Tile(name, MarkdownReport.number(value), note);
    }

    private static Facts config(String name, RunReport run) {
        List<Pair> pairs = new ArrayList<>();
        addPairs(pairs, run.facts().config(), "");
        return new Facts(name, pairs);
    }

    private static void addPairs(List<Pair> pairs, Map<?, ?> settings, String prefix) {
        settings.forEach((key, value) -> {
            if (value instanceof Map<?, ?> nested) {
                addPairs(pairs, nested, prefix + key + ".");
            } else {
                pairs.add(new Pair(prefix + key, String.valueOf(value)));
            }
        });
    }

    private static Facts versions(RunReport run) {
        List<Pair> pairs = new ArrayList<>();
        run.facts().versions().forEach((name, version) -> pairs.add(new Pair(name, version)));
        return new Facts("Versions", pairs);
    }
}
