package org.keeplora.bench;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.DoubleStream;
import java.util.stream.StreamSupport;

/**
 * The measurements of the iterations of one benchmark.
 *
 * @param values ascending
 * @param unit without JMH's "/op"
 */
record Shots(double[] values, String unit) {
    private static final String PER_SHOT = "/op";

    /** The shots in a metric of JMH's JSON, all forks together. */
    static Shots of(JsonNode metric) {
        double[] values = StreamSupport.stream(metric.get("rawData").spliterator(), false)
                .flatMapToDouble(
                        fork -> StreamSupport.stream(fork.spliterator(), false).mapToDouble(JsonNode::asDouble))
                .sorted()
                .toArray();
        return new Shots(values, metric.get("scoreUnit").asText().replace(PER_SHOT, ""));
    }

    /** These shots and those of another round. */
    Shots and(Shots more) {
        return new Shots(
                DoubleStream.concat(Arrays.stream(values), Arrays.stream(more.values))
                        .sorted()
                        .toArray(),
                unit);
    }

    double median() {
        int middle = values.length / 2;
        return values.length % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
    }

    /** The median with its unit. */
    String middle() {
        return digits(median()) + " " + unit;
    }

    /** Minimum, maximum and number of shots. */
    String spread() {
        return digits(values[0]) + " to " + digits(values[values.length - 1]) + " (" + values.length + ")";
    }

    /** The value with at least three digits. */
    static String digits(double value) {
        String format = value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : value >= 1 ? "%.2f" : "%.3f";
        return String.format(Locale.ROOT, format, value);
    }
}
