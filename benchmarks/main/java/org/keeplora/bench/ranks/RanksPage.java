package org.keeplora.bench.ranks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Fills the tables of RANKS.md, each between a comment with its name and the next "end" comment.
 *
 * <p>Arguments: the page, the folder of measured results.
 */
public final class RanksPage {
    private static final String NOT_MEASURED = "Not measured yet: `benchmarks/ranks.sh` measures and fills this in.\n";
    private static final String END = "<!-- end -->";

    private RanksPage() {}

    public static void main(String[] arguments) throws IOException {
        Path page = Path.of(arguments[0]);
        String text = Files.readString(page);
        Files.writeString(page, filled(text, Results.latest(Path.of(arguments[1]))));
    }

    /** @throws IllegalArgumentException naming the table that the page has no place for */
    static String filled(String page, Optional<Results> results) {
        Map<String, String> tables = paper();
        tables.put("measured", results.map(its -> new MeasuredTables(its).all()).orElse(NOT_MEASURED));
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
