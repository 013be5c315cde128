package org.keeplora.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.keeplora.store.JsonFile;
import org.keeplora.store.WholeFile;

/** {@link OwnData.Format#CSV}: classes in name order, items in row order. */
final class CsvTable {
    /** Of a table; a million rows of 100 letters. */
    private static final int MOST_BYTES = 128 << 20;

    private static final List<String> COLUMNS = List.of("split", "path", "class");

    /** One row; {@code number} counts rows below the header, from 1. */
    private record Row(int number, String split, String path, String className) {}

    private CsvTable() {}

    /** @throws DatasetException when the table is missing, lacks a column or a value, or names no test image */
    static Split read(Path file) {
        List<Row> rows = rows(file);
        ClassTable classes = new ClassTable(names(rows), names(rows));
        Map<String, Integer> labels = classes.labels();
        Path folder = file.toAbsolutePath().getParent();
        List<Item> train = new ArrayList<>();
        List<Item> test = new ArrayList<>();
        for (Row row : rows) {
            List<Item> half =
                    switch (row.split()) {
                        case "train" -> train;
                        case "test" -> test;
                        default ->
                            throw error(
                                    file,
                                    row.number(),
                                    String.format(Locale.ROOT, "split is \"%s\", not train or test", row.split()));
                    };
            half.add(new Item(
                    ImageFile.listed(folder, folder, row.path(), what -> error(file, row.number(), what)),
                    labels.get(row.className())));
        }
        if (test.isEmpty()) {
            throw new DatasetException(file + ": no row has the split test; add the test images");
        }
        return new Split(classes.names(), train, test);
    }

    private static List<String> names(List<Row> rows) {
        return rows.stream().map(Row::className).sorted().distinct().toList();
    }

    private static List<Row> rows(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file + ": table not found; correct the path");
        }
        List<Row> rows = new ArrayList<>();
        try (MappingIterator<Map<String, String>> table = new CsvMapper()
                .readerForMapOf(String.class)
                .with(CsvSchema.emptySchema().withHeader())
                .readValues(WholeFile.bytes(file, MOST_BYTES))) {
            while (table.hasNextValue()) {
                if (rows.isEmpty()) {
                    requireOnce(file, (CsvSchema) table.getParserSchema());
                }
                rows.add(row(file, rows.size() + 1, table.nextValue()));
            }
        } catch (JsonProcessingException e) {
            throw error(file, rows.size() + 1, JsonFile.reason(e));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
        return rows;
    }

    private static DatasetException unreadable(Path file, IOException e) {
        return new DatasetException(
                file + ": cannot be read (" + DatasetException.reason(e) + "); check permissions", e);
    }

    private static void requireOnce(Path file, CsvSchema header) {
        Set<String> seen = new HashSet<>();
        for (CsvSchema.Column column : header) {
            if (!seen.add(column.getName())) {
                throw error(file, 0, "column " + column.getName() + " stands twice");
            }
        }
    }

    private static Row row(Path file, int number, Map<String, String> cells) {
        for (String column : COLUMNS) {
            if (cells.getOrDefault(column, "").isBlank()) {
                throw error(file, number, "no value in column " + column + " (header must be split,path,class)");
            }
        }
        return new Row(
                number,
                cells.get("split").strip(),
                cells.get("path").strip(),
                cells.get("class").strip());
    }

    private static DatasetException error(Path file, int row, String what) {
        return new DatasetException(file + ": row " + row + ": " + what + "; correct the table");
    }
}
