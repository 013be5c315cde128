package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.store.BadFile;
import org.keeplora.testing.MainsLocale;
import org.keeplora.testing.Refused;

/** Hostile YAML: bombs, loops, names that lead elsewhere; each is refused with a known line. */
@ExtendWith(MainsLocale.class)
final class HostileConfigTest {
    private static final String RUN = "model: m\noutput: o\ndata: {root: r, tasks: [%s]}\n";

    @TempDir
    Path folder;

    static Stream<Arguments> files() {
        return Stream.of(
                Arguments.of("", "#/run.yaml: no keys; see 'keeplora configs example'"),
                Arguments.of("- a", "#/run.yaml: no keys; see 'keeplora configs example'"),
                Arguments.of("a: b: c", "#/run.yaml, line 1: not YAML: mapping values are not allowed here"),
                Arguments.of(
                        "\tmodel: m",
                        "#/run.yaml, line 1: not YAML: while scanning for the next token, found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)"),
                Arguments.of(
                        "model: m\n\toutput: o",
                        "#/run.yaml, line 1: not YAML: while scanning for the next token, found character '\\t(TAB)' that cannot start any token. (Do not use \\t(TAB) for indentation)"),
                Arguments.of("model: m\nmodel: n", "#/run.yaml, line 2: not YAML: Duplicate field 'model'"),
                Arguments.of("data: {root: a, root: b}", "#/run.yaml, line 1: not YAML: Duplicate field 'root'"),
                Arguments.of(
                        laughs(),
                        "#/run.yaml, line 2: *a0 is an alias, which is not supported; write out what it stands for"),
                Arguments.of(
                        "a: &a [*a]",
                        "#/run.yaml, line 1: *a is an alias, which is not supported; write out what it stands for"),
                Arguments.of(
                        "<<: *x",
                        "#/run.yaml, line 1: *x is an alias, which is not supported; write out what it stands for"),
                Arguments.of(
                        "a: " + "[".repeat(60) + "]".repeat(60),
                        "#/run.yaml: not YAML: Document nesting depth (51) exceeds the maximum allowed (50)"),
                Arguments.of(
                        "a: " + "[".repeat(100_000),
                        "#/run.yaml: not YAML: Document nesting depth (51) exceeds the maximum allowed (50)"),
                Arguments.of(
                        "- ".repeat(10_000),
                        "#/run.yaml: not YAML: Document nesting depth (51) exceeds the maximum allowed (50)"),
                Arguments.of("model: m\n---\nmodel: n", "#/run.yaml, line 3: a second document begins; give one"),
                Arguments.of("model: m\0", "#/run.yaml, line 1: not YAML: special characters are not allowed"),
                Arguments.of(
                        "model: \"\\ud800\n",
                        "#/run.yaml, line 1: not YAML: while scanning a quoted scalar, found unexpected end of stream"),
                Arguments.of(
                        String.format(Locale.ROOT, RUN, "MNIST") + "train: {seed: 99999999999999999999}",
                        "#/run.yaml: train.seed is 99999999999999999999; a smaller whole number is expected"),
                Arguments.of(
                        String.format(Locale.ROOT, RUN, "MNIST") + "method: {rank: 1e400}",
                        "#/run.yaml: method.rank is Infinity; a whole number is expected"),
                Arguments.of(
                        String.format(Locale.ROOT, RUN, "MNIST") + "method: !!java.net.URL [\"http://x\"]",
                        "#/run.yaml: method is [\"http://x\"]; a section with name, preset, weight_basis, rank_rule, features, text_features, start_b, layer_scale, head, rank, alpha, weight_energy, feature_energy is expected"),
                Arguments.of(
                        String.format(Locale.ROOT, RUN, "MNIST") + "kk: 1",
                        "#/run.yaml: unknown key 'kk'; did you mean 'data'?"),
                Arguments.of(
                        String.format(Locale.ROOT, RUN, "{name: ../../x, folder: f}"),
                        "#/run.yaml: data set: '../../x' names a folder of the results; write it without / and \\, in at most 200 letters"),
                Arguments.of(
                        String.format(Locale.ROOT, RUN, "{name: .., folder: f}"),
                        "#/run.yaml: data set: '..' names a folder of the results; write it without / and \\, in at most 200 letters"),
                Arguments.of(
                        String.format(Locale.ROOT, RUN, "{name: 'a\\b', csv: f}"),
                        "#/run.yaml: data set: 'a\\b' names a folder of the results; write it without / and \\, in at most 200 letters"),
                Arguments.of("base: #/run.yaml", "#/run.yaml: its base leads back to it; remove one base"),
                Arguments.of(
                        "base: #/none.yaml",
                        "#/none.yaml: no such configuration file; 'keeplora configs' lists those that come with the program"),
                Arguments.of(
                        "base: \"a\\0b\"",
                        "no configuration is called 'a\\u0000b'; did you mean 'demo'? 'keeplora configs' lists them"),
                Arguments.of("base: [a]", "#/run.yaml: base is [\"a\"]; a text is expected"),
                Arguments.of(
                        "dataset_root: r\nzero_shot: true\nadd_info: ../../x",
                        "#/run.yaml: add_info: '../../x' names a folder of the results; write it without / and \\, in at most 200 letters"),
                Arguments.of(
                        "dataset_root: r\nzero_shot: true\nadd_info: /x",
                        "#/run.yaml: add_info: '/x' names a folder of the results; write it without / and \\, in at most 200 letters"),
                Arguments.of(
                        "dataset_root: r\nzero_shot: true\nadd_info: .",
                        "#/run.yaml: add_info: '.' names a folder of the results; write it without / and \\, in at most 200 letters"));
    }

    /** Nested levels; each contains the one below ten times. */
    private static String laughs() {
        StringBuilder text = new StringBuilder("a0: &a0 [ha]\n");
        for (int level = 1; level < 30; level++) {
            String below = "*a" + (level - 1);
            text.append(
                    String.format(Locale.ROOT, "a%d: &a%d [%s%s]%n", level, level, (below + ", ").repeat(9), below));
        }
        return text.toString();
    }

    @ParameterizedTest
    @MethodSource("files")
    void fileIsRefused(String yaml, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("run.yaml"), yaml.replace("#", folder.toString()));
        Refused.with(
                ConfigProblem.class, folder, message, () -> RunConfigFile.read(file.toString(), List.of(), List.of()));
    }

    @Test
    void basesInACircle() throws IOException {
        Path one = folder.resolve("one.yaml");
        Path two = Files.writeString(folder.resolve("two.yaml"), "base: " + one);
        Files.writeString(one, "base: " + two);
        Refused.with(
                ConfigProblem.class,
                folder,
                "#/one.yaml: its base leads back to it; remove one base",
                () -> RunConfigFile.read(one.toString(), List.of(), List.of()));
    }

    @Test
    void filesAndTextThatAreTooLong() throws IOException {
        Path file = Files.writeString(folder.resolve("a.yaml"), "#".repeat((3 << 20) + 1));
        Refused.with(
                BadFile.class,
                folder,
                "#/a.yaml: has 3145729 bytes, but such a file has at most 3145728; is it the right one?",
                () -> RunConfigFile.read(file.toString(), List.of(), List.of()));
    }

    @Test
    void filesThatAreNoText() throws IOException {
        Path file = Files.write(folder.resolve("a.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff});
        Refused.with(
                ConfigProblem.class,
                folder,
                "#/a.yaml cannot be read: Input length = 1",
                () -> RunConfigFile.read(file.toString(), List.of(), List.of()));
    }

    static Stream<Arguments> overrides() {
        return Stream.of(
                Arguments.of(".=1", "--set .=1: '.' is no key; write it as key.path"),
                Arguments.of("=1", "--set =1: write it as key.path=value"),
                Arguments.of("a", "--set a: write it as key.path=value"),
                Arguments.of(
                        "model=[*x]",
                        "--set model=[*x]: model, line 1: *x is an alias, which is not supported; write out what it stands for"),
                Arguments.of(
                        "train=[",
                        "--set train=[: not YAML: while parsing a flow node, expected the node content, but found '<stream end>'"),
                Arguments.of(
                        "train.seed.x.y=1",
                        "--set train.seed.x.y=1: train.seed is {\"x\":{\"y\":1}}; a whole number is expected"));
    }

    @ParameterizedTest
    @MethodSource("overrides")
    void overrideIsRefused(String override, String message) {
        Refused.with(
                ConfigProblem.class,
                folder,
                message,
                () -> RunConfigFile.read("example", List.of(), List.of(override)));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 100_000, 3_000_000})
    void theNearestWordOfALongOneTakesNoTime(int letters) {
        assertEquals("kkk", Nearest.of("k".repeat(letters), List.of("kkk")));
    }
}
