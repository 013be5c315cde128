package org.keeplora.bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What several methods learned and what they kept of pre-training, over seeds: a Markdown table on the output, and Last against
 * General as a plot.
 *
 * <p>Arguments: the folder that holds a run folder {@code <method>-<seed>} for each, then the plot's file without its ending.
 */
public final class TradeOff {
    private static final Color[] OTHERS = {
        new Color(0xD55E00),
        new Color(0x009E73),
        new Color(0xE69F00),
        new Color(0xCC79A7),
        new Color(0x7F3C8D),
        Color.BLACK,
    };

    private TradeOff() {}

    /** One finished run. */
    private record Run(JsonNode metrics) {
        double mean(String metric) {
            return metrics.at("/metrics/" + metric + "/mean").asDouble(Double.NaN);
        }

        double general() {
            return metrics.at("/general/last").asDouble(Double.NaN);
        }

        double seconds() {
            double sum = 0;
            for (JsonNode stage : metrics.get("stages")) {
                sum += stage.get("seconds").asDouble();
            }
            return sum;
        }

        /** Protected share of the input directions in percent, mean over the vision sites; {@code row} counted from the end. */
        double protectedShare(boolean last) {
            JsonNode widths = metrics.at("/ranks/widths");
            JsonNode rows = metrics.at("/ranks/rows");
            if (widths.isEmpty() || rows.isEmpty()) {
                return 0;
            }
            JsonNode ranks = rows.get(last ? rows.size() - 1 : 0).get("ranks");
            double share = 0;
            int sites = 0;
            for (Map.Entry<String, JsonNode> site : widths.properties()) {
                if (site.getKey().startsWith("vision")) {
                    share += ranks.get(site.getKey()).asDouble()
                            / site.getValue().asDouble();
                    sites++;
                }
            }
            return 100 * share / sites;
        }
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, List<Run>> runs = read(Path.of(arguments[0]));
        System.out.println(
                "| method | seeds | Transfer | Average | Last | General | protected at first | at the end | seconds |");
        System.out.println("|---|---:|---:|---:|---:|---:|---:|---:|---:|");
        runs.forEach((method, its) -> System.out.printf(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s | %s | %.0f %% | %.0f %% | %.0f |%n",
                method,
                its.size(),
                spread(its, run -> run.mean("transfer")),
                spread(its, run -> run.mean("average")),
                spread(its, run -> run.mean("last")),
                spread(its, Run::general),
                mean(its, run -> run.protectedShare(false)),
                mean(its, run -> run.protectedShare(true)),
                mean(its, Run::seconds)));
        plot(runs, arguments[1]);
    }

    private static Map<String, List<Run>> read(Path folder) throws IOException {
        Map<String, List<Run>> runs = new TreeMap<>();
        try (Stream<Path> folders = Files.list(folder)) {
            for (Path run : folders.sorted().toList()) {
                Path metrics = run.resolve("metrics.json");
                if (Files.isRegularFile(metrics)) {
                    String name = run.getFileName().toString();
                    runs.computeIfAbsent(name.substring(0, name.lastIndexOf('-')), unused -> new ArrayList<>())
                            .add(new Run(new ObjectMapper().readTree(metrics.toFile())));
                }
            }
        }
        return runs;
    }

    private static double mean(List<Run> runs, ToDoubleFunction<Run> figure) {
        return runs.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    /** Sample standard deviation over the seeds; 0 for one. */
    private static double deviation(List<Run> runs, ToDoubleFunction<Run> figure) {
        double mean = mean(runs, figure);
        double squares = runs.stream()
                .mapToDouble(figure)
                .map(value -> (value - mean) * (value - mean))
                .sum();
        return runs.size() < 2 ? 0 : Math.sqrt(squares / (runs.size() - 1));
    }

    private static String spread(List<Run> runs, ToDoubleFunction<Run> figure) {
        return runs.size() < 2
                ? String.format(Locale.ROOT, "%.1f", mean(runs, figure))
                : String.format(Locale.ROOT, "%.1f ± %.1f", mean(runs, figure), deviation(runs, figure));
    }

    private static void plot(Map<String, List<Run>> runs, String file) throws IOException {
        XYChart chart = new XYChartBuilder()
                .width(760)
                .height(520)
                .title("What is learned, and what is left of pre-training")
                .xAxisTitle("Last: accuracy on the tasks at the end, %")
                .yAxisTitle("General: accuracy on the probe at the end, %")
                .build();
        chart.getStyler().setDefaultSeriesRenderStyle(XYSeries.XYSeriesRenderStyle.Scatter);
        chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
        chart.getStyler().setChartBackgroundColor(Color.WHITE);
        chart.getStyler().setMarkerSize(9);
        List<String> shades = runs.keySet().stream().filter(TradeOff::isPaper).toList();
        List<String> others =
                runs.keySet().stream().filter(method -> !isPaper(method)).toList();
        runs.forEach((method, its) -> {
            XYSeries series = chart.addSeries(
                    method,
                    its.stream().mapToDouble(run -> run.mean("last")).toArray(),
                    its.stream().mapToDouble(Run::general).toArray());
            series.setMarker(isPaper(method) ? SeriesMarkers.CIRCLE : SeriesMarkers.DIAMOND);
            series.setMarkerColor(
                    isPaper(method)
                            ? blue(shades.indexOf(method), shades.size())
                            : OTHERS[others.indexOf(method) % OTHERS.length]);
        });
        VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsFormat.SVG);
    }

    /** One method at several ε_w: one colour in several shades. */
    private static boolean isPaper(String method) {
        return method.startsWith("paper");
    }

    /** The lightest of {@code count} shades first. */
    private static Color blue(int shade, int count) {
        float darkness = count < 2 ? 1 : shade / (count - 1f);
        return Color.getHSBColor(0.6f, 0.3f + 0.7f * darkness, 0.95f - 0.45f * darkness);
    }
}
