package org.keeplora.data;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The header of the user's own table: the column names, ignoring case and surrounding white space.
 *
 * @param columns in the table's order; unused columns may have any name or none
 */
record CsvHeader(List<String> columns) {
    /** The columns that every table must have, in any order. */
    static final List<String> NEEDED = List.of("split", "path", "class");

    /** @throws DatasetException made by {@code error} when a needed column is missing or occurs twice */
    static CsvHeader of(String[] cells, Function<String, DatasetException> error) {
        List<String> columns = Arrays.stream(cells)
                .map(cell -> cell.strip().toLowerCase(Locale.ROOT))
                .toList();
        for (String needed : NEEDED) {
            int times = Collections.frequency(columns, needed);
            if (times == 0) {
                throw error.apply(String.format(
                        Locale.ROOT,
                        "no column \"%s\" in the header \"%s\", which must be %s, with commas between them",
                        needed,
                        String.join(",", cells),
                        String.join(",", NEEDED)));
            }
            if (times > 1) {
                throw error.apply(
                        String.format(Locale.ROOT, "column \"%s\" stands %d times in the header", needed, times));
            }
        }
        return new CsvHeader(columns);
    }

    /** The cells of a row in the {@link #NEEDED} columns, in that order. */
    List<String> needed(String[] cells, Function<String, DatasetException> error) {
        if (cells.length > columns.size() && !isBlank(Arrays.copyOfRange(cells, columns.size(), cells.length))) {
            throw error.apply(cells.length + " cells but " + columns.size()
                    + " columns (a cell with a comma in it needs quotes around it)");
        }
        return NEEDED.stream().map(column -> cell(column, cells, error)).toList();
    }

    private String cell(String column, String[] cells, Function<String, DatasetException> error) {
        int index = columns.indexOf(column);
        if (index >= cells.length || cells[index].isBlank()) {
            throw error.apply(String.format(Locale.ROOT, "no value in column \"%s\"", column));
        }
        return cells[index].strip();
    }

    static boolean isBlank(String[] cells) {
        return Arrays.stream(cells).allMatch(String::isBlank);
    }
}
