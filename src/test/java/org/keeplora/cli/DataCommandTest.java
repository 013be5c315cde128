package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.MiniMtil;
import picocli.CommandLine;

/** {@code keeplora data verify}: table and exit codes. */
class DataCommandTest {
    @TempDir
    Path empty;

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

    private int verify(String... arguments) {
        return new CommandLine(new DataCommand.Verify())
                .setOut(new PrintWriter(out))
                .execute(arguments);
    }
}
