package org.keeplora.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Tables for spreadsheets and scripts: comma-separated, one header line, quotes where a name needs them. */
final class CsvFile {
    private static final CsvMapper MAPPER = new CsvMapper();

    private CsvFile() {}

    /** Column "after", one column per task, column "mean"; one line per row, zero-shot first. */
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

    /**
     * Columns "of", "site", "before", "after", then one column per cumulative share, 0 to 1; one line per kind of site
     * at each moment.
     */
    static String of(SpectrumTable table) {
        int last =
                table.rows().get(0).spectra().get(table.kinds().get(0)).shares().size() - 1;
        List<String> header = new ArrayList<>(List.of("of", "site", "before", "after"));
        IntStream.rangeClosed(0, last)
                .forEach(i -> header.add(BigDecimal.valueOf(MetricsJson.share((double) i / last))
                        .stripTrailingZeros()
                        .toPlainString()));
        List<List<Object>> lines = new ArrayList<>();
        for (SpectrumTable.Row row : table.rows()) {
            row.spectra().forEach((kind, spectrum) -> {
                List<Object> cells = new ArrayList<>(List.of(row.of(), kind));
                Stream.concat(Stream.of(spectrum.before(), spectrum.after()), spectrum.shares().stream())
                        .forEach(share -> cells.add(MetricsJson.share(share)));
                lines.add(cells);
            });
        }
        return of(header, lines);
    }

    /** Rounded as in metrics.json; empty when not defined. */
    static Object number(double value) {
        Double rounded = MetricsJson.number(value);
        return rounded == null ? "" : rounded;
    }

    /** @param lines numbers and strings, as many as {@code header} has columns */
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
