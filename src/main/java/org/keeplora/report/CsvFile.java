package org.keeplora.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.util.ArrayList;
import java.util.List;

/** Tables for spreadsheets and scripts: comma-separated, one header line, quotes where a name needs them. */
final class CsvFile {
    private static final CsvMapper MAPPER = new CsvMapper();

    private CsvFile() {}

    /** Column "after", one column a task, "mean"; a line a row, zero-shot first. */
    static String of(AccuracyTable table) {
        List<String> header = new ArrayList<>(List.of("after"));
        header.addAll(table.tasks());
        header.add("mean");
        List<List<Object>> lines = new ArrayList<>();
        table.zeroShot().ifPresent(row -> lines.add(line(row)));
        table.rows().forEach(row -> lines.add(line(row)));
        return of(header, lines);
    }

    private static List<Object> line(AccuracyTable.Row row) {
        List<Object> cells = new ArrayList<>(List.of(row.after()));
        row.percent().forEach(value -> cells.add(number(value)));
        cells.add(number(row.mean()));
        return cells;
    }

    /** As metrics.json rounds it; empty where not defined. */
    static Object number(double value) {
        Double rounded = MetricsJson.number(value);
        return rounded == null ? "" : rounded;
    }

    /** @param lines numbers and texts, as many as {@code header} has columns */
    static String of(List<String> header, List<List<Object>> lines) {
        List<List<?>> all = new ArrayList<>(List.of(header));
        all.addAll(lines);
        try {
            return MAPPER.writer(CsvSchema.emptySchema().withLineSeparator("\n"))
                    .writeValueAsString(all);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("table cannot be written as CSV: " + e.getOriginalMessage(), e);
        }
    }
}
