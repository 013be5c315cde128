package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.testing.MiniMtil;
import picocli.CommandLine;

/** {@code keeplora data verify}: table and exit codes. */
@Tag("shared")
class DataCommandTest {
    @TempDir
    Path empty;

    private static final byte[] WEBP = Base64.getDecoder()
            .decode(
                    "UklGRkwAAABXRUJQVlA4TD8AAAAvAkAAAC+gIJIN6v0IYdQTWy8yaRv6VU/9C5ibWVDQNhJyD17YvxOSM/8hZKvG9je3tw0QCFDGimcWiOh/v"
                            + "BMA");

    private final StringWriter out = new StringWriter();

    @Test
    void aShrunkDatasetIsNoError() {
        String root = MiniMtil.root().toString();

        assertEquals(0, verify("--root", root, "DTD", "mnist"));
        assertEquals(
                List.of(
                                "data set         train          test  missing  unreadable",
                                "DTD         80 of 1880    80 of 1880        0           0  readable, 160 of 3760 images",
                                "MNIST     3000 of 60000  600 of 10000        0           0  readable, 3600 of 70000 images")
                        .stream()
                        .map(line -> line.replaceAll(" +", " "))
                        .toList(),
                out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList());
        List<Integer> ends = out.toString()
                .lines()
                .skip(1)
                .map(line -> line.indexOf("readable,"))
                .distinct()
                .toList();
        assertEquals(1, ends.size());
        assertEquals(2, verify("--full", "--root", root, "DTD"));
    }

    @Test
    void absentDatasetsAreToBeMended() {
        assertEquals(2, verify("--root", empty.toString()));
        assertEquals(12, out.toString().lines().count());
        assertTrue(out.toString().contains("absent: put the data set into " + empty.resolve("eurosat/2750")));
    }

    @Test
    void allDataOfAConfiguration(@TempDir Path folder) throws IOException {
        Path image = Files.createDirectories(folder.resolve("own/test/a")).resolve("1.webp");
        Files.write(image, WEBP);
        Files.writeString(folder.resolve("own/notes.txt"), "x");
        Files.writeString(folder.resolve("own/test/a/notes.txt"), "x");
        Files.writeString(folder.resolve("own.csv"), "split,path,class\ntest,own/test/a/1.webp,a\n");
        Path config = Files.writeString(
                folder.resolve("run.yaml"),
                String.format(Locale.ROOT, """
                model: m
                output: o
                data:
                  root: '%s'
                  tasks: [DTD, {name: Own, folder: '#/own'}, {drawn: digits}]
                  probes: [{name: Table, csv: '#/own.csv'}]
                """, MiniMtil.root()).replace("#", folder.toString()));
        String[] check = {"--deep", "--config", config.toString()};

        assertEquals(0, verify(check));
        List<String> lines = List.of(
                "data set train test missing unreadable",
                "DTD 80 of 1880 80 of 1880 0 0 readable, 160 of 3760 images",
                "Own - 1 of 1 0 0 complete; left out 1 file: 1 of another type (.txt)");
        assertEquals(
                Stream.concat(lines.stream(), Stream.of("Table - 1 of 1 0 0 complete"))
                        .toList(),
                printed());
        assertEquals(2, verify("--full", "--config", config.toString()), "DTD is shrunk");
        assertEquals(0, verify("--full", "--set", "data.tasks=[{drawn: digits}]", "--config", config.toString()));

        Files.writeString(folder.resolve("own.csv"), "split,path,class\ntest,own/test/a/1.webp,a\ntest,gone.png,a\n");
        assertEquals(2, verify(check));
        assertEquals(
                Stream.concat(
                                lines.stream(),
                                Stream.of("Table - 1 of 2 1 0 damaged: put it there or correct the table: no gone.png"))
                        .toList(),
                printed());
        Files.delete(folder.resolve("own.csv"));
        assertEquals(2, verify(check));
        assertEquals(
                "Table - - 0 0 unusable: " + folder.resolve("own.csv") + ": table not found; correct the path",
                printed().get(3));
    }

    @Test
    void rootOrConfiguration() {
        assertEquals(2, verify());
        assertEquals(2, verify("--root", empty.toString(), "--config", "example"));
        assertEquals(
                "2 keeplora: DTD: a configuration names its data sets itself; leave the names out, or give --root"
                        + System.lineSeparator(),
                Program.execute("data", "verify", "--config", "example", "DTD"));
        assertEquals(
                "2 keeplora: --set overrides keys of a configuration; give --config" + System.lineSeparator(),
                Program.execute("data", "verify", "--root", empty.toString(), "--set", "data=x"));
    }

    private List<String> printed() {
        return out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList();
    }

    private int verify(String... arguments) {
        out.getBuffer().setLength(0);
        return new CommandLine(new DataCommand.Verify())
                .setOut(new PrintWriter(out))
                .execute(arguments);
    }
}
