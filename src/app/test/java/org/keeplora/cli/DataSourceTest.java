package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Data sets in a configuration: a value of a wrong type is refused with its key, and never interpreted in another way.
 */
final class DataSourceTest {
    @TempDir
    Path folder;

    private RunConfig read(String tasks) throws IOException {
        Path file = Files.writeString(
                folder.resolve("run.yaml"), "model: m\noutput: o\ndata: {root: r, tasks: [" + tasks + "]}\n");
        return RunConfigFile.read(file.toString(), List.of(), List.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{drawn: digits, train: many}       | data.tasks[0].train is \"many\"; a whole number is expected",
                "{drawn: digits, train: \"50\"}     | data.tasks[0].train is \"50\"; a whole number is expected",
                "{drawn: digits, train: 1.5}        | data.tasks[0].train is 1.5; a whole number is expected",
                "{drawn: digits, train: [50]}       | data.tasks[0].train is [50]; a whole number is expected",
                "{drawn: digits, train: 3000000000} | data.tasks[0].train is 3000000000; a smaller whole number is expected",
                "MNIST, {drawn: digits, test: true} | data.tasks[1].test is true; a whole number is expected",
                "{drawn: digits, seed: one}         | data.tasks[0].seed is \"one\"; a whole number is expected",
                "{drawn: [digits]}                  | data.tasks[0].drawn is [\"digits\"]; a text is expected",
                "{name: Own, folder: [1]}           | data.tasks[0].folder is [1]; a text is expected",
                "{name: Own, csv: 2024}             | data.tasks[0].csv is 2024; a text is expected",
                "{name: Own, folder: }              | data.tasks[0].folder is \"\"; a text is expected",
                "{name: 7, folder: f}               | data.tasks[0].name is 7; a text is expected",
                "{name: Own, folder: f, template: {a: b}} | data.tasks[0].template is {\"a\":\"b\"}; a text is expected",
                "[1]                                | data.tasks[0]: '[1]' is no data set; give a name, or a section with name, and folder or csv",
                "MNIST, 5                           | data.tasks[1]: '5' is no data set; give a name, or a section with name, and folder or csv",
                "null                               | data.tasks has an entry that is empty or null; give a data set there",
                "MNIST, DTD, mnist                  | data.tasks has mnist twice; name every data set once, your own by different names",
                "{drawn: digits}, {drawn: digits, seed: 2} | data.tasks has digits twice; name every data set once, your own by different names",
                "DTD], probes: [MNIST, MNIST        | data.probes has MNIST twice; name every data set once, your own by different names"
            })
    void isRefused(String tasks, String message) {
        var error = assertThrows(ConfigProblem.class, () -> read(tasks));
        assertEquals(folder.resolve("run.yaml") + ": " + message, error.getMessage());
    }

    @Test
    void missingKeysHaveTheirDefaults() throws IOException {
        List<DataSource> tasks = read("{drawn: digits, train: null, seed: 3}, {name: Own, folder: f, template: null}")
                .data()
                .tasks();
        assertEquals(new DataSource.Drawn("digits", 50, 20, 3), tasks.get(0));
        assertEquals(
                new DataSource.Own("Own", org.keeplora.data.OwnData.Format.FOLDER, "f", "a photo of a {}."),
                tasks.get(1));
    }

    @Test
    void pathsBecomeAbsolute() throws IOException {
        String here = Path.of("").toAbsolutePath() + "/";
        RunConfig config = read("MNIST, {name: Own, csv: a/b.csv}").withAbsolutePaths();
        assertEquals(here + "m", config.model().checkpoint());
        assertEquals(here + "r", config.data().root());
        assertEquals("MNIST", config.data().tasks().get(0).value());
        assertEquals(
                "{name=Own, csv=" + here + "a/b.csv, template=a photo of a {}.}",
                config.data().tasks().get(1).value().toString());
        assertEquals("o", config.output());
        RunConfig demo = RunConfigFile.read(
                        folder.resolve("run.yaml").toString(), List.of(), List.of("model=builtin:demo"))
                .withAbsolutePaths();
        assertEquals("builtin:demo", demo.model().checkpoint());
    }

    @Test
    void aBaseOrZeroShotOfAnotherTypeIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), "base: [example]\n");
        var base = assertThrows(ConfigProblem.class, () -> RunConfigFile.read(file.toString(), List.of(), List.of()));
        assertEquals(file + ": base is [\"example\"]; a text is expected", base.getMessage());
        Files.writeString(file, "dataset_root: r\nzero_shot: \"yes\"\ntasks: [MNIST]\n");
        var authors =
                assertThrows(ConfigProblem.class, () -> RunConfigFile.read(file.toString(), List.of(), List.of()));
        assertEquals(file + ": zero_shot is \"yes\"; true or false is expected", authors.getMessage());
    }
}
