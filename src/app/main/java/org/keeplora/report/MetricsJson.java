package org.keeplora.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Locale;

/**
 * {@code metrics.json}, always in this order:
 *
 * <pre>
 * schemaVersion  1; raised when a field changes its meaning or goes away
 * title, seed
 * tasks          names in the order of learning; every array below has one entry per task
 * accuracy       zeroShot: [percent] or null; rows: [{after, percent: [..]}]
 * metrics        transfer, average, last, forgetting, backwardTransfer: {perTask: [points or null], mean}
 * general        probes: [name]; rows: [{after, percent: [..]}], one entry per probe, zero-shot first;
 *                last: mean of the last row
 * published      [{method, transfer, average, last, source}]: figures of others, to compare with
 * ranks          widths: {site: width}; rows: [{after, ranks: {site: rank}}]
 * spectra        [{of, kinds: {kind of site: {before, after, shares: [..]}}}], as in {@link SpectrumTable};
 *                left out where not known
 * stages         [{name, seconds, runs}]
 * finished       time of writing, ISO 8601; left out where not known
 * losses         [{task, step: [..], mean: [..], least: [..], most: [..]}], thinned as in {@link LossCurve};
 *                left out where not known
 * memory         peak bytes: {resident, heap}, each a number or null; left out where not known
 * versions       {name: version}
 * config         every setting, as given
 * tests          {name: {images, classes}} of every task's and probe's test set; left out where not known
 * uncertainty    {last, forgetting, general, transfer, average}: half of the 95 % interval of each mean for so many
 *                test images, in points, or null; left out where not known
 * chance         {last, general, transfer, average}: percent that guessing would give on each mean, or null;
 *                left out where not known
 * </pre>
 */
final class MetricsJson {
    static final int SCHEMA_VERSION = 1;

    /** Steps per percent when rounding; see package-info. */
    private static final double ACCURACY_STEPS = 1e6;

    /** Steps per unit when rounding a share; a drawing shows no more. */
    private static final double SHARE_STEPS = 1e5;

    private static final double TIME_STEPS = 1e3;

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private MetricsJson() {}

    static String of(RunReport measured) {
        RunReport report = asWritten(measured);
        ObjectNode root = MAPPER.createObjectNode();
        root.put("schemaVersion", SCHEMA_VERSION);
        root.put("title", report.title());
        root.put("seed", report.facts().seed());
        RunTables tables = report.tables();
        tables.accuracy().tasks().forEach(root.putArray("tasks")::add);
        putAccuracy(root.putObject("accuracy"), tables.accuracy());
        putMetrics(root.putObject("metrics"), report.metrics());
        putGeneral(root.putObject("general"), tables.probes());
        root.set("published", MAPPER.valueToTree(report.published()));
        putRanks(root.putObject("ranks"), tables.ranks());
        if (!tables.spectra().isEmpty()) {
            putSpectra(root.putArray("spectra"), tables.spectra());
        }
        ArrayNode stages = root.putArray("stages");
        for (StageTimes.StageTime stage : report.course().stages()) {
            ObjectNode node = stages.addObject()
                    .put("name", stage.name())
                    .put("seconds", rounded(stage.seconds(), TIME_STEPS))
                    .put("runs", stage.runs());
            if (stage.sums().calls() > 0) {
                node.put("sums", stage.sums().calls())
                        .put("sumBytes", stage.sums().bytes());
            }
        }
        putCourse(root, report.course());
        root.set("versions", MAPPER.valueToTree(report.facts().versions()));
        root.set("config", MAPPER.valueToTree(report.facts().config()));
        if (!report.facts().tests().isEmpty()) {
            putTests(root, report);
        }
        return text(root);
    }

    private static void putAccuracy(ObjectNode node, AccuracyTable table) {
        table.zeroShot()
                .ifPresentOrElse(
                        row -> putNumbers(node.putArray("zeroShot"), row.percent()), () -> node.putNull("zeroShot"));
        putRows(node.putArray("rows"), table.rows());
    }

    private static void putTests(ObjectNode root, RunReport report) {
        root.set("tests", MAPPER.valueToTree(report.facts().tests()));
        ObjectNode uncertainty = root.putObject("uncertainty");
        ObjectNode chance = MAPPER.createObjectNode();
        for (Headline headline : Headline.values()) {
            String name = headline.title().toLowerCase(Locale.ROOT);
            uncertainty.put(name, number(headline.margin(report)));
            if (headline != Headline.FORGETTING) {
                chance.put(name, number(headline.chance(report)));
            }
        }
        root.set("chance", chance);
    }

    /**
     * The report rounded to the decimals in the file, so that metrics computed from the file equal the file's metrics.
     */
    private static RunReport asWritten(RunReport report) {
        RunTables tables = report.tables();
        AccuracyTable accuracy = new AccuracyTable(tables.accuracy().tasks());
        tables.accuracy().zeroShot().ifPresent(row -> accuracy.setZeroShot(asWritten(row)));
        tables.accuracy().rows().forEach(row -> accuracy.addRow(row.after(), asWritten(row)));
        ProbeTable probes = new ProbeTable(tables.probes().probes());
        tables.probes().rows().forEach(row -> probes.addRow(row.after(), asWritten(row)));
        RunTables written = new RunTables(accuracy, probes, tables.ranks(), tables.spectra());
        return new RunReport(report.title(), written, report.course(), report.published(), report.facts());
    }

    private static double[] asWritten(AccuracyTable.Row row) {
        return row.percent().stream()
                .mapToDouble(value -> rounded(value, ACCURACY_STEPS))
                .toArray();
    }

    private static void putCourse(ObjectNode root, RunHistory course) {
        if (course.finished() != null) {
            root.put("finished", course.finished().toString());
        }
        if (!course.losses().isEmpty()) {
            ArrayNode losses = root.putArray("losses");
            course.losses().forEach(curve -> putLosses(losses.addObject().put("task", curve.task()), curve.points()));
        }
        if (course.memory() != null) {
            root.putObject("memory")
                    .put("resident", course.memory().resident())
                    .put("heap", course.memory().heap());
        }
    }

    private static void putLosses(ObjectNode node, List<LossCurve.Point> points) {
        ArrayNode steps = node.putArray("step");
        points.forEach(point -> steps.add(point.step()));
        putNumbers(
                node.putArray("mean"),
                points.stream().map(LossCurve.Point::mean).toList());
        putNumbers(
                node.putArray("least"),
                points.stream().map(LossCurve.Point::least).toList());
        putNumbers(
                node.putArray("most"),
                points.stream().map(LossCurve.Point::most).toList());
    }

    private static void putGeneral(ObjectNode node, ProbeTable table) {
        table.probes().forEach(node.putArray("probes")::add);
        putRows(node.putArray("rows"), table.rows());
        node.put("last", number(table.general()));
    }

    private static void putRows(ArrayNode array, List<AccuracyTable.Row> rows) {
        for (AccuracyTable.Row row : rows) {
            putNumbers(array.addObject().put("after", row.after()).putArray("percent"), row.percent());
        }
    }

    private static void putMetrics(ObjectNode node, ContinualMetrics metrics) {
        putMeasure(node.putObject("transfer"), metrics.transfer());
        putMeasure(node.putObject("average"), metrics.average());
        putMeasure(node.putObject("last"), metrics.last());
        putMeasure(node.putObject("forgetting"), metrics.forgetting());
        putMeasure(node.putObject("backwardTransfer"), metrics.backwardTransfer());
    }

    private static void putMeasure(ObjectNode node, Metric measure) {
        putNumbers(node.putArray("perTask"), measure.perTask());
        node.put("mean", number(measure.mean()));
    }

    private static void putRanks(ObjectNode node, RankTable table) {
        node.set("widths", MAPPER.valueToTree(table.widths()));
        ArrayNode rows = node.putArray("rows");
        for (RankTable.Row row : table.rows()) {
            rows.addObject().put("after", row.after()).set("ranks", MAPPER.valueToTree(row.ranks()));
        }
    }

    private static void putSpectra(ArrayNode array, SpectrumTable table) {
        for (SpectrumTable.Row row : table.rows()) {
            ObjectNode kinds = array.addObject().put("of", row.of()).putObject("kinds");
            row.spectra().forEach((kind, spectrum) -> {
                ArrayNode shares = kinds.putObject(kind)
                        .put("before", share(spectrum.before()))
                        .put("after", share(spectrum.after()))
                        .putArray("shares");
                spectrum.shares().forEach(value -> shares.add(share(value)));
            });
        }
    }

    /** Rounded to the decimals that the file keeps of a share. */
    static double share(double value) {
        return rounded(value, SHARE_STEPS);
    }

    private static void putNumbers(ArrayNode array, List<Double> values) {
        values.forEach(value -> array.add(number(value)));
    }

    /** Null when not defined. */
    static Double number(double value) {
        return Double.isNaN(value) ? null : Double.valueOf(rounded(value, ACCURACY_STEPS));
    }

    private static double rounded(double value, double steps) {
        return Math.round(value * steps) / steps;
    }

    private static String text(ObjectNode root) {
        DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        try {
            return MAPPER.writer(printer).writeValueAsString(root) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("report cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }
}
