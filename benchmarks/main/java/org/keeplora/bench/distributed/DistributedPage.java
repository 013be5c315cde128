package org.keeplora.bench.distributed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Fills the tables of DISTRIBUTED.md. Each lies between a comment with its name and the next "end" comment. A comment
 * "measured SERIES" names the series of the tables that follow.
 *
 * <p>Arguments: the page, the file of measured series.
 */
public final class DistributedPage {
    private static final String END = "<!-- end -->";
    private static final Pattern MEASURED = Pattern.compile("<!-- (measured (\\S+)) -->");

    private DistributedPage() {}

    public static void main(String[] arguments) throws IOException {
        Path page = Path.of(arguments[0]);
        Files.writeString(page, filled(Files.readString(page), new SeriesFile(Path.of(arguments[1]))));
    }

    /** @throws IllegalArgumentException naming the table without a place in the page, or the missing series */
    static String filled(String page, SeriesFile file) throws IOException {
        Map<String, String> tables = paper();
        for (MatchResult measured : MEASURED.matcher(page).results().toList()) {
            tables.put(measured.group(1), new MeasuredTables(Results.read(file, measured.group(2))).all());
        }
        String text = page;
        for (Map.Entry<String, String> table : tables.entrySet()) {
            text = with(text, table.getKey(), table.getValue());
        }
        return text;
    }

    /** Tables that need no measurement. */
    static Map<String, String> paper() {
        Map<String, String> tables = new LinkedHashMap<>();
        tables.put("payloads", PaperTables.payloads());
        tables.put("operations", PaperTables.operations());
        tables.put("steps", PaperTables.steps());
        tables.put("tasks", PaperTables.tasks());
        return tables;
    }

    private static String with(String page, String name, String table) {
        String begin = "<!-- " + name + " -->\n";
        int from = page.indexOf(begin);
        int to = page.indexOf(END, from);
        if (from < 0 || to < 0) {
            throw new IllegalArgumentException(
                    "the page has no lines " + begin.strip() + " and " + END + "; add them where the table belongs");
        }
        return page.substring(0, from + begin.length()) + table + page.substring(to);
    }
}
