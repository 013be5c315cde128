package org.keeplora.bench;

import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import org.knowm.xchart.VectorGraphicsEncoder;
import org.knowm.xchart.VectorGraphicsEncoder.VectorGraphicsFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/**
 * What several methods learned and how much of pre-training they kept, over seeds: a Markdown table on standard output,
 * and a plot of Last against General.
 *
 * <p>Arguments: the CSV file of the study, written by {@link StudyFile}, then the plot's file without its ending.
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

    /** One finished run, with its figures from {@link StudyFile}. */
    private record Run(List<StudyFile.Figure> figures) {
        double metric(String name) {
            return values(name).findFirst().orElse(Double.NaN);
        }

        private DoubleStream values(String figure) {
            return figures.stream().filter(its -> its.figure().equals(figure)).mapToDouble(StudyFile.Figure::value);
        }

        /** General at the end: the mean over the probes. */
        double general() {
            return atTheEnd("general")
                    .mapToDouble(StudyFile.Figure::value)
                    .average()
                    .orElse(Double.NaN);
        }

        private Stream<StudyFile.Figure> atTheEnd(String figure) {
            List<StudyFile.Figure> all =
                    figures.stream().filter(its -> its.figure().equals(figure)).toList();
            return all.stream()
                    .filter(its -> its.after().equals(all.get(all.size() - 1).after()));
        }

        double seconds() {
            return values("seconds").sum();
        }

        /**
         * Percent of the input directions that are protected, mean over the vision sites; 0 when nothing is protected.
         */
        double protectedShare(String after) {
            double width = values("width").sum();
            double directions = figures.stream()
                    .filter(its ->
                            its.figure().equals("protected mean") && its.after().equals(after))
                    .mapToDouble(StudyFile.Figure::value)
                    .sum();
            return width == 0 ? 0 : 100 * directions / width;
        }

        double protectedAtTheEnd() {
            return atTheEnd("protected mean")
                    .findFirst()
                    .map(its -> protectedShare(its.after()))
                    .orElse(0.0);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Map<String, List<Run>> runs = read(Path.of(arguments[0]));
        System.out.print(table(runs));
        plot(runs, arguments[1]);
    }

    /** One line for every variant of a study. */
    static String table(Path study) throws IOException {
        return table(read(study));
    }

    private static String table(Map<String, List<Run>> runs) {
        StringBuilder text = new StringBuilder("| method | seeds | Transfer | Average | Last | General"
                + " | protected at first | at the end | seconds |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        runs.forEach((method, its) -> text.append(String.format(
                Locale.ROOT,
                "| %s | %d | %s | %s | %s | %s | %.0f %% | %.0f %% | %.0f |\n",
                method,
                its.size(),
                spread(its, run -> run.metric("transfer")),
                spread(its, run -> run.metric("average")),
                spread(its, run -> run.metric("last")),
                spread(its, Run::general),
                mean(its, run -> run.protectedShare("pre-training")),
                mean(its, Run::protectedAtTheEnd),
                mean(its, Run::seconds))));
        return text.toString();
    }

    private static Map<String, List<Run>> read(Path file) throws IOException {
        Map<String, List<Run>> runs = new TreeMap<>();
        StudyFile.read(file)
                .forEach((variant, seeds) ->
                        runs.put(variant, seeds.values().stream().map(Run::new).toList()));
        return runs;
    }

    private static double mean(List<Run> runs, ToDoubleFunction<Run> figure) {
        return runs.stream().mapToDouble(figure).average().orElse(Double.NaN);
    }

    /** Sample standard deviation over the seeds; 0 for one seed. */
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
                    its.stream().mapToDouble(run -> run.metric("last")).toArray(),
                    its.stream().mapToDouble(Run::general).toArray());
            series.setMarker(isPaper(method) ? SeriesMarkers.CIRCLE : SeriesMarkers.DIAMOND);
            series.setMarkerColor(
                    isPaper(method)
                            ? blue(shades.indexOf(method), shades.size())
                            : OTHERS[others.indexOf(method) % OTHERS.length]);
        });
        VectorGraphicsEncoder.saveVectorGraphic(chart, file, VectorGraphicsFormat.SVG);
    }

    /** Whether the method is the paper's, which is shown at several ε_w in shades of one colour. */
    private static boolean isPaper(String method) {
        return method.startsWith("paper");
    }

    /** Shade number {@code shade} of {@code count}, the lightest first. */
    private static Color blue(int shade, int count) {
        float darkness = count < 2 ? 1 : shade / (count - 1f);
        return Color.getHSBColor(0.6f, 0.3f + 0.7f * darkness, 0.95f - 0.45f * darkness);
    }
}
