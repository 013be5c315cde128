package org.keeplora.cli;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.store.BadFile;
import org.keeplora.testing.Fuzzed;

/** Configurations under arbitrary input; {@code src/app/test/fuzz.sh} fuzzes, the build runs the seeds. */
final class ConfigFuzzTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Stream<byte[]> runs() {
        return Stream.of(
                utf8("model: m.pt\ndata: {root: mtil, tasks: [EuroSAT, {name: X, folder: f}]}\noutput: runs/x\n"
                        + "train:\n  epochs: [1, 2]\n  learning_rate: 1e-3\nmethod: {rank: 8, preset: paper}\n"),
                utf8("base: mtil-order1\nmodel: &m m.pt\noutput: *m\n"),
                utf8("a: [[[[{b: !!java.net.URL [x]}]]]]"));
    }

    @MethodSource("runs")
    @FuzzTest
    void runConfig(byte[] content) throws Throwable {
        Path file = Fuzzed.file("run.yaml", content);
        Fuzzed.readOrRefused(
                () -> RunConfigFile.read(file.toString(), List.of(), List.of()), ConfigProblem.class, BadFile.class);
    }

    static Stream<byte[]> authors() {
        return Stream.of(
                utf8("dataset_root: r\nprec: amp\nadd_info: x\ntasks: [MNIST]\noptim: {lr: 1e-3, epoch_list: [1]}\n"
                        + "v_keeplora: [q, k, v, o]\nt_keeplora: [q, k, v, o]\nv_adapter_dim: 16\nt_adapter_dim: 16\n"),
                utf8("dataset_root: r\nadd_info: ../../x\nzero_shot: true\n"));
    }

    @MethodSource("authors")
    @FuzzTest
    void authorsConfig(byte[] content) throws Throwable {
        Path file = Fuzzed.file("authors.yaml", content);
        Fuzzed.readOrRefused(
                () -> RunConfigFile.read(file.toString(), List.of("dataset_root", "r"), List.of("model=m.pt")),
                ConfigProblem.class,
                BadFile.class);
    }

    static Stream<byte[]> overrides() {
        return Stream.of(utf8("train.seed=1"), utf8(".=1"), utf8("a=*x"));
    }

    @MethodSource("overrides")
    @FuzzTest
    void override(byte[] content) throws Throwable {
        String line = new String(content, StandardCharsets.UTF_8);
        Fuzzed.readOrRefused(
                () -> RunConfigFile.read("example", List.of(), List.of(line)), ConfigProblem.class, BadFile.class);
    }
}
