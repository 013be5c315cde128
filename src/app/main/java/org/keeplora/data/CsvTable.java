package org.keeplora.data;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.dataformat.csv.CsvMapper;
import com.fasterxml.jackson.dataformat.csv.CsvParser;
import java.io.CharConversionException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.keeplora.data.LeftOut.Reason;
import org.keeplora.store.JsonFile;
import org.keeplora.store.NameEncoding;
import org.keeplora.store.WholeFile;

/**
 * {@link OwnData.Format#CSV}: classes in name order, items in row order. Blank rows are skipped, as pandas does.
 *
 * <p>The user wrote the table, so its paths may lead anywhere. When no file has a {@code \} in its name, {@code \} is
 * read as {@code /}, for tables made on Windows.
 */
final class CsvTable {
    /** Limit for a table: a million rows of 100 letters. */
    private static final int MOST_BYTES = 128 << 20;

    private static final int NAMED = 3;
    private static final List<String> SPLITS = List.of("train", "test");

    /** One row; {@code line} is the line of the file on which it begins, from 1. */
    private record Row(int line, String split, ImageFile image, String className) {
        boolean isMissing() {
            return !Files.isRegularFile(image.path());
        }
    }

    private final Path file;
    private final Path folder;

    private CsvTable(Path file) {
        this.file = file;
        this.folder = file.toAbsolutePath().getParent();
    }

    /**
     * As {@link #listed}, and every image must exist.
     *
     * @throws DatasetException also when images are missing, with their number and the first few
     */
    static Split read(Path file) {
        CsvTable table = new CsvTable(file);
        List<Row> rows = table.rows();
        Split split = table.split(rows);
        table.requireImages(rows);
        return split;
    }

    /** @throws DatasetException when the table is missing, lacks a column or a value, or names no test image */
    static Split listed(Path file) {
        CsvTable table = new CsvTable(file);
        return table.split(table.rows());
    }

    private Split split(List<Row> rows) {
        List<String> names = rows.stream()
                .filter(CsvTable::isUsed)
                .map(Row::className)
                .sorted()
                .distinct()
                .toList();
        Map<String, Integer> labels = new ClassTable(names, names).labels();
        List<Item> test = items(rows, "test", labels);
        if (test.isEmpty()) {
            throw new DatasetException(file + ": no row has the split test; add the test images");
        }
        return new Split(names, items(rows, "train", labels), test, new LeftOut(leftOut(rows)));
    }

    private static boolean isUsed(Row row) {
        return !OwnData.VALIDATION.contains(row.split());
    }

    private static List<Item> items(List<Row> rows, String split, Map<String, Integer> labels) {
        return rows.stream()
                .filter(row -> row.split().equals(split))
                .map(row -> new Item(row.image(), labels.get(row.className())))
                .toList();
    }

    private static List<LeftOut.File> leftOut(List<Row> rows) {
        return rows.stream()
                .filter(row -> !isUsed(row))
                .map(row -> new LeftOut.File(row.image().path(), Reason.VALIDATION))
                .toList();
    }

    private void requireImages(List<Row> rows) {
        List<Row> used = rows.stream().filter(CsvTable::isUsed).toList();
        List<String> missing = used.parallelStream()
                .filter(Row::isMissing)
                .map(row -> "line " + row.line() + " (" + row.image().path() + ")")
                .toList();
        if (!missing.isEmpty()) {
            throw new DatasetException(String.format(
                    Locale.ROOT,
                    "%s: %d of its %d images not found: %s; put them there or correct the table",
                    file,
                    missing.size(),
                    used.size(),
                    DatasetException.first(NAMED, missing)));
        }
    }

    private List<Row> rows() {
        if (!Files.isRegularFile(file)) {
            throw new DatasetException(file + ": table not found; correct the path");
        }
        try {
            return rows(WholeFile.bytes(file, MOST_BYTES));
        } catch (IOException e) {
            throw new DatasetException(
                    file + ": cannot be read (" + DatasetException.reason(e) + "); check permissions", e);
        }
    }

    private List<Row> rows(byte[] bytes) throws IOException {
        List<Row> rows = new ArrayList<>();
        int line = 1;
        try (MappingIterator<String[]> table = new CsvMapper()
                .readerFor(String[].class)
                .with(CsvParser.Feature.WRAP_AS_ARRAY)
                .readValues(bytes)) {
            CsvHeader header = null;
            for (; table.hasNextValue(); line = table.getCurrentLocation().getLineNr()) {
                String[] cells = table.nextValue();
                if (CsvHeader.isBlank(cells)) {
                    continue;
                }
                if (header == null) {
                    header = CsvHeader.of(cells, errorAt(line));
                } else {
                    rows.add(row(line, header.needed(cells, errorAt(line))));
                }
            }
        } catch (JsonProcessingException | CharConversionException e) {
            boolean isEncoding =
                    e instanceof CharConversionException || e.getCause() instanceof CharConversionException;
            throw isEncoding // the reader reads ahead, so the fault may be in a later line
                    ? errorAt(lineOfDamage(bytes)).apply("not UTF-8, the required encoding")
                    : errorAt(line).apply(JsonFile.reason((JsonProcessingException) e));
        }
        return rows;
    }

    /** The line of the first byte that is not valid UTF-8. */
    private static int lineOfDamage(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes);
        StandardCharsets.UTF_8.newDecoder().decode(rest, CharBuffer.allocate(bytes.length), true);
        int line = 1;
        for (int i = 0; i < rest.position(); i++) {
            line += bytes[i] == '\n' ? 1 : 0;
        }
        return line;
    }

    /** @param cells the values in the {@link CsvHeader#NEEDED} columns */
    private Row row(int line, List<String> cells) {
        String split = cells.get(0).toLowerCase(Locale.ROOT);
        if (!SPLITS.contains(split) && !OwnData.VALIDATION.contains(split)) {
            throw errorAt(line)
                    .apply(String.format(Locale.ROOT, "split is \"%s\", not train, test or val", cells.get(0)));
        }
        String name = cells.get(1);
        try {
            Path written = folder.resolve(name);
            boolean windows = name.indexOf('\\') >= 0 && !Files.exists(written);
            Path path = windows ? folder.resolve(name.replace('\\', '/')) : written;
            boolean elsewhere = Path.of(name).isAbsolute();
            ImageFile image = elsewhere ? new ImageFile(path, name) : ImageFile.below(folder, path);
            return new Row(line, split, image, cells.get(2));
        } catch (InvalidPathException e) {
            NameEncoding.require(name);
            throw errorAt(line).apply(String.format(Locale.ROOT, "\"%s\" is not the name of a file", name));
        }
    }

    private Function<String, DatasetException> errorAt(int line) {
        return what -> new DatasetException(file + ": line " + line + ": " + what + "; correct the table");
    }
}
