package org.keeplora.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.Function;
import org.mozilla.javascript.Scriptable;

/**
 * Draws the charts of one page as SVG with ECharts and the options of {@code charts.js}, in a JavaScript engine that
 * has no access to Java. The first chart of a process waits a second or two for the engine; each chart takes about a
 * tenth of that.
 */
final class Charts {
    private static final String ECHARTS = "/META-INF/resources/webjars/echarts/%s/dist/echarts.min.js";
    private static final String ECHARTS_VERSION = "/META-INF/maven/org.webjars.npm/echarts/pom.properties";
    /** The prefix that ECharts gives the ids in a drawing: the number of drawings since the engine started. */
    private static final String PART = "(?<=id=\"|url\\(#)zr\\d+-";

    private static final ObjectMapper MAPPER = new ObjectMapper();

    private int drawn;

    /** ECharts, loaded once per process; must be used by one thread at a time. */
    private static final class Engine {
        private static final Scriptable SCOPE = scope();

        private static Context enter() {
            Context context = Context.enter();
            context.setInterpretedMode(true); // most of ECharts runs only once, so compiling it takes longer
            context.setLanguageVersion(Context.VERSION_ES6);
            return context;
        }

        private static Scriptable scope() {
            try (Context context = enter()) {
                Scriptable scope = context.initSafeStandardObjects();
                context.evaluateString(scope, text(String.format(Locale.ROOT, ECHARTS, version())), "echarts", 1, null);
                context.evaluateString(scope, text("charts.js"), "charts.js", 1, null);
                return scope;
            }
        }

        private static synchronized String draw(String kind, String json) {
            try (Context context = enter()) {
                Function draw = (Function) SCOPE.get("draw", SCOPE);
                return draw.call(context, SCOPE, SCOPE, new Object[] {kind, json})
                        .toString();
            }
        }
    }

    /**
     * A chart to draw.
     *
     * @param kind function of {@code charts.js}
     * @param description a text for people who cannot see the chart
     * @param data argument of that function: strings, numbers, lists and maps; null for a missing value
     */
    record Chart(String kind, String description, Map<String, Object> data) {}

    /** The chart as an {@code svg} element for a page; its text stays text. */
    String svg(Chart chart) {
        drawn++;
        String svg = unguarded(Engine.draw(chart.kind(), guarded(json(chart.data()))))
                .replaceAll(PART, "chart" + drawn + "-");
        int size = svg.indexOf(" xmlns=");
        String role = String.format(
                Locale.ROOT,
                " role=\"img\" data-chart=\"%s\" aria-label=\"%s\"",
                chart.kind(),
                quoted(chart.description()));
        return svg.substring(0, size) + role + svg.substring(size).replaceFirst(" xmlns:xlink=\"[^\"]*\"", "");
    }

    /**
     * Replaces markup characters by unused letters before drawing, because ECharts writes text into SVG without
     * escaping it.
     */
    private static String guarded(String text) {
        return text.replace('<', '\uE000').replace('>', '\uE001').replace('&', '\uE002');
    }

    private static String unguarded(String svg) {
        return svg.replace("\uE000", "&lt;").replace("\uE001", "&gt;").replace("\uE002", "&amp;");
    }

    private static String quoted(String text) {
        return unguarded(guarded(text)).replace("\"", "&quot;");
    }

    /** The values with null for NaN, as JSON requires. */
    static List<Double> orNulls(List<Double> values) {
        return values.stream().map(value -> value.isNaN() ? null : value).toList();
    }

    private static String json(Map<String, Object> data) {
        try {
            return MAPPER.writeValueAsString(data);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("chart data cannot be written as JSON: " + e.getOriginalMessage(), e);
        }
    }

    private static String version() {
        Properties properties = new Properties();
        try (InputStream stream = resource(ECHARTS_VERSION)) {
            properties.load(stream);
        } catch (IOException e) {
            throw new UncheckedIOException(ECHARTS_VERSION + " cannot be read", e);
        }
        return properties.getProperty("version");
    }

    /** The content of a text file on the class path. */
    static String text(String name) {
        try (InputStream stream = resource(name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be read from the class path", e);
        }
    }

    private static InputStream resource(String name) throws IOException {
        InputStream stream = Charts.class.getResourceAsStream(name);
        if (stream == null) {
            throw new IOException(name + " is not on the class path; add its jar");
        }
        return stream;
    }
}
