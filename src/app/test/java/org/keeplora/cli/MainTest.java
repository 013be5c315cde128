package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keeplora.method.Preset;
import org.keeplora.method.Switches.FeatureStatistic;
import org.keeplora.method.Switches.StartB;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Shared;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.LearningMethod;

/** What the command line accepts, refuses and prints. */
@Tag("shared")
final class MainTest {
    private static final String MINIMAL = """
            model: {checkpoint: a.safetensors, tokenizer: t.json}
            data: {root: r, tasks: [EuroSAT, MNIST]}
            output: out
            """;

    @TempDir
    Path folder;

    private Path config(String yaml) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), yaml);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            method.rnak=8          | unknown key 'method.rnak'; did you mean 'method.rank'?
            sead=8                 | unknown key 'sead'; did you mean
            train.rank=8           | --set train.rank=8: unknown key 'train.rank'; did you mean 'method.rank'?
            method.rank=eight      | --set method.rank=eight: method.rank is "eight"; a whole number is expected
            method.rank=8 # eight  | --set method.rank=8 # eight: method.rank is "8 # eight"; a whole number is expected
            train.seed=1e3         | --set train.seed=1e3: train.seed is 1000.0; a whole number is expected
            train.epochs=[1, a]    | --set train.epochs=[1, a]: train.epochs[1] is "a"; a whole number is expected
            train.learning_rate=1,5 | --set train.learning_rate=1,5: train.learning_rate is "1,5"; a number is expected
            train.learning_rate=.inf | train.learning_rate is ".inf"; a number is expected
            save.model=perhaps     | --set save.model=perhaps: save.model is "perhaps"; true or false is expected
            data.tasks=MNIST       | --set data.tasks=MNIST: data.tasks is "MNIST"; a list, as in [a, b], is expected
            runtime=x              | --set runtime=x: runtime is "x"; a section with threads, backend, device is expected
            output={a: 1}          | --set output={a: 1}: output is {"a":1}; a text is expected
            method.head.x=1        | --set method.head.x=1: method.head: '{"x":1}' is none of none, cosine
            method.rank=0          | method.rank is 0; it must be at least 1
            method.name=ewc        | method.name: 'ewc' is none of zero-shot, lora, gradient-lora, inflora, o-lora, lwf, full-fine-tuning, keeplora
            method.preset=v1       | method.preset: 'v1' is none of paper, official-v1, official-v2
            method.feature_energy=2 | method.feature_energy is 2.0; a share of energy lies in [0, 1]
            train.epochs=[1,2,3]   | train.epochs lists 3 numbers but data.tasks 2 tasks
            train.epochs=0         | train.epochs has 0; every number must be at least 1
            train.epochs=[1, null] | --set train.epochs=[1, null]: train.epochs has null; every number must be at least 1
            published=[null]       | --set published=[null]: published has an entry that is empty or null; give an entry there
            train.learning_rate=-1 | train.learning_rate is -1.0; it must be above 0
            data.tasks=[]          | data.tasks is missing
            model=                 | model is missing
            train                  | write it as key.path=value
            """)
    void refusesInOneLineThatNamesTheKey(String override, String part) throws IOException {
        Path file = config(MINIMAL);
        String message = assertThrows(
                        ConfigProblem.class, () -> RunConfigFile.read(file.toString(), List.of(), List.of(override)))
                .getMessage();
        assertTrue(message.contains(part), message);
        assertEquals(1, message.lines().count(), message);
    }

    @Test
    void refusesWhatIsNoYamlAndRepeatedKeys() throws IOException {
        Path broken = config("model: [");
        String message = assertThrows(
                        ConfigProblem.class, () -> RunConfigFile.read(broken.toString(), List.of(), List.of()))
                .getMessage();
        assertTrue(message.contains("run.yaml, line"), message);
        Path repeated = config(MINIMAL + "output: again\n");
        assertThrows(ConfigProblem.class, () -> RunConfigFile.read(repeated.toString(), List.of(), List.of()));
    }

    @Test
    void leavesOutWhatHasADefaultAndTakesOverrides() throws IOException {
        RunConfig config = RunConfigFile.read(
                config(MINIMAL).toString(),
                List.of(),
                List.of("method.preset=official-v1", "method.start_b=zero", "train.epochs=3"));
        assertEquals(LearningMethod.KEEPLORA, config.method().name());
        assertEquals(Preset.OFFICIAL_V1, config.method().preset());
        assertEquals(StartB.ZERO, config.method().settings().switches().startB());
        assertEquals(
                FeatureStatistic.SLOT_MEAN,
                config.method().settings().switches().features());
        assertEquals(List.of(3, 3), config.train().epochs());
        Map<?, ?> method = (Map<?, ?>) RunConfigFile.values(config).get("method");
        assertEquals("official-v1", method.get("preset"));
        assertEquals("slot-mean", method.get("features"), "the report shows what the preset stands for");
    }

    @Test
    void theExampleSetsEveryKey() throws IOException {
        Set<String> known = keys(RunConfigFile.values(RunConfigFile.read("example", List.of(), List.of())), "");
        assertEquals(known, keys(new YAMLMapper().readValue(ShippedConfigs.text("example"), Map.class), ""));
    }

    private static Set<String> keys(Map<?, ?> values, String path) {
        Set<String> keys = new TreeSet<>();
        values.forEach((key, value) -> {
            keys.add(path + key);
            if (value instanceof Map<?, ?> inner) {
                keys.addAll(keys(inner, path + key + "."));
            }
        });
        return keys;
    }

    private record Outcome(int exit, String out, String err) {}

    /** Runs the program in a separate JVM. */
    private static Outcome run(List<String> jvm, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(jvm);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Main.class.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        String err = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
        assertTrue(process.waitFor(60, TimeUnit.SECONDS));
        return new Outcome(process.exitValue(), out, err);
    }

    @Test
    void helpLoadsNeitherLibtorchNorJackson() throws Exception {
        Outcome help = run(List.of("-verbose:class"), "--help");
        assertEquals(0, help.exit());
        assertTrue(help.out().contains("Learn one task after another"), "usage is printed");
        assertTrue(help.out().contains("org.keeplora.cli.Main "), "loaded classes are listed");
        assertFalse(help.out().contains("org.bytedeco"));
        assertFalse(help.out().contains("com.fasterxml"));
    }

    @Test
    void errorsAreOneLineAndExitCode2AndLeaveNothingBehind() throws Exception {
        Printed missing =
                Printed.by("run", "--config", folder.resolve("none.yaml").toString());
        assertEquals(2, missing.exit());
        assertTrue(missing.err().contains("none.yaml: no such configuration file"), missing.err());
        assertEquals(1, missing.err().lines().count());
        assertEquals(2, Printed.by("run").exit());
        assertEquals(2, Printed.by("fly").exit());

        Path file = config(MINIMAL);
        Printed checkpoint = Printed.by("run", "--config", file.toString(), "--set", "output=" + folder.resolve("out"));
        assertEquals(2, checkpoint.exit());
        assertTrue(
                checkpoint.err().startsWith("keeplora: model.checkpoint: a.safetensors does not exist"),
                checkpoint.err());
        Printed device = Printed.by("run", "--config", file.toString(), "--set", "runtime.device=cuda");
        assertEquals(2, device.exit());
        assertTrue(
                device.err().startsWith("keeplora: runtime.device is cuda, but ")
                        || TorchDevice.CUDA.obstacle().isEmpty(),
                device.err());
    }

    @Test
    void anUnreadableImageEndsTheRunAndLeavesNothingBehind() throws Exception {
        Path root = folder.resolve("mtil");
        Path source = MiniMtil.root().resolve("eurosat/2750");
        try (Stream<Path> classes = Files.list(source)) {
            for (Path classFolder : classes.toList()) {
                Path copy = Files.createDirectories(root.resolve("eurosat/2750")
                        .resolve(classFolder.getFileName().toString()));
                for (int i = 0; i < 5; i++) {
                    Files.writeString(copy.resolve("broken" + i + ".jpg"), "no image");
                }
            }
        }
        Path out = folder.resolve("out");
        Printed run = Printed.by(
                "run",
                "--config",
                config(MINIMAL).toString(),
                "--set",
                "model.checkpoint=" + Shared.file("golden/clip-tiny.safetensors"),
                "--set",
                "model.tokenizer=" + Shared.file("clip/small/tokenizer.json"),
                "--set",
                "data={root: " + root + ", tasks: [EuroSAT]}",
                "--set",
                "output=" + out);
        assertEquals(2, run.exit(), run.err());
        assertTrue(run.err().contains(".jpg: cannot be decoded as an image"), run.err());
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(
                    List.of("mtil", "run.yaml"),
                    left.map(path -> path.getFileName().toString()).sorted().toList());
        }
    }
}
