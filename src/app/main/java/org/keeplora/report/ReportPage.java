package org.keeplora.report;

import com.github.mustachejava.DefaultMustacheFactory;
import com.github.mustachejava.Mustache;
import java.io.StringReader;
import java.io.StringWriter;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The page of one run, or of several runs side by side. */
final class ReportPage {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern(
                    "d MMMM yyyy, HH:mm 'UTC'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    /** Line styles as in charts.js. */
    private static final List<String> DASHES = List.of("", "7 3", "2 2", "9 3 2 3");

    private static final int COLORS = 7;

    private ReportPage() {}

    /** A number shown large at the top. */
    private record Tile(String name, String value, String margin, String note) {}

    private record Pair(String name, String value) {}

    private record Facts(String name, List<Pair> pairs) {}

    private record Key(String name, String dash, int color) {}

    /** A test set on the page; {@code end} is empty on a page of several runs. */
    private record Test(String name, int images, int classes, String chance, String end) {}

    static String of(RunReport run, List<String> files) {
        Map<String, Object> page = new HashMap<>();
        page.put("title", run.title());
        page.put("subtitle", subtitle(run));
        page.put("verdict", Summary.of(run));
        page.put("tiles", tiles(run));
        page.put("sections", sections(List.of(RunGroup.of(run))));
        putTests(page, run, true);
        page.put("facts", List.of(config("Configuration", run), versions(run)));
        if (!files.isEmpty()) {
            page.put("folder", Map.of("files", files));
        }
        return filled(page);
    }

    static String of(List<RunGroup> groups, List<RunComparison.Line> lines) {
        Map<String, Object> page = new HashMap<>();
        page.put("title", groups.stream().mapToInt(group -> group.runs().size()).sum() + " runs side by side");
        List<String> header =
                Arrays.stream(Headline.values()).map(Headline::title).toList();
        page.put("verdict", ComparisonSummary.of(groups));
        page.put("runs", Map.of("header", header, "rows", lines));
        List<Key> keys = IntStream.range(0, groups.size())
                .mapToObj(i -> new Key(groups.get(i).name(), DASHES.get(i % DASHES.size()), i % COLORS))
                .toList();
        page.put("legend", Map.of("keys", keys));
        page.put("sections", sections(groups));
        if (groups.stream()
                        .map(group -> group.first().facts().tests())
                        .distinct()
                        .count()
                == 1) {
            putTests(page, groups.get(0).first(), false);
        }
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
        HistorySections course = new HistorySections(charts, groups);
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
        return Arrays.stream(Headline.values())
                .filter(headline -> headline != Headline.GENERAL
                        || !run.tables().probes().probes().isEmpty())
                .map(headline -> tile(headline, run))
                .toList();
    }

    private static Tile tile(Headline headline, RunReport run) {
        double margin = headline.margin(run);
        double chance = headline.chance(run);
        return new Tile(
                headline.title(),
                MarkdownReport.number(headline.of(run)),
                Double.isNaN(margin) ? "" : "±\u00a0" + MarkdownReport.number(margin),
                headline.note() + (Double.isNaN(chance) ? "" : "; chance\u00a0" + MarkdownReport.number(chance)));
    }

    /** @param end whether to show the accuracy at the end of {@code run} too */
    private static void putTests(Map<String, Object> page, RunReport run, boolean end) {
        List<Test> tests = new ArrayList<>();
        for (Headline headline : List.of(Headline.LAST, Headline.GENERAL)) {
            headline.accuracies(run).percent().forEach((name, percent) -> {
                TestSet set = run.facts().tests().get(name);
                if (set != null) {
                    String text = String.format(
                            Locale.ROOT,
                            "%s\u00a0±\u00a0%s",
                            MarkdownReport.number(percent),
                            MarkdownReport.number(set.margin(percent)));
                    tests.add(new Test(
                            name, set.images(), set.classes(), MarkdownReport.number(set.chance()), end ? text : ""));
                }
            });
        }
        if (!tests.isEmpty()) {
            page.put("tests", Map.of("rows", tests, "ends", end));
        }
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
