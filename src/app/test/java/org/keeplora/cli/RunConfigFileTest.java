package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.method.Preset;
import org.keeplora.method.Switches.LayerScale;
import org.keeplora.method.Switches.StartB;
import org.keeplora.torch.Precision;
import org.keeplora.train.LearningMethod;
import org.keeplora.train.MethodSettings.Head;

/** Configurations that come with the program, that extend others, and that were written for the authors' program. */
final class RunConfigFileTest {
    private static final List<String> GIVEN = List.of("model=m.pt", "data=mtil");
    /** The keys of the authors' KeepLoRA+ file for order II, with their values. */
    private static final String AUTHORS = """
            dataset_root: "/your_dataset_path/MTIL"
            model_backbone_name: 'ViT-B/16'
            prec: "amp"
            input_size: (224, 224)
            dataset: "MTIL"
            add_info: "keeplora+_order2"
            seed: 42
            eval_only: False
            tasks: ['StanfordCars', 'Food', 'MNIST']
            optim:
              batch_size: 64
              name: "AdamW"
              lr: 1e-3
              weight_decay: 0.01
              epoch_list: [5, 1, 1]
              lr_scheduler: "OneCycleLR"
            v_keeplora: ['q', 'k', 'v', 'o']    # vision encoder
            t_keeplora: ['q', 'k', 'v', 'o']    # text encoder
            v_adapter_dim: 16
            t_adapter_dim: 16
            v_prin_subspace_threshold: 0.99
            t_prin_subspace_threshold: 0.99
            v_prin_subspace_threshold2: 0.85
            t_prin_subspace_threshold2: 0.2
            classifier: 'CosineClassifier'
            """;

    @TempDir
    Path folder;

    private String file(String yaml) throws IOException {
        return Files.writeString(folder.resolve("run.yaml"), yaml).toString();
    }

    static List<String> shipped() {
        return ShippedConfigs.NAMES;
    }

    @ParameterizedTest
    @MethodSource("shipped")
    void everyShippedConfigurationIsComplete(String name) {
        RunConfig config = RunConfigFile.read(name, List.of(), GIVEN);
        assertEquals("m.pt", config.model().checkpoint());
        assertEquals("mtil", config.data().root());
        assertTrue(ShippedConfigs.description(name).length() > 10, "says what it is for");
        if (name.startsWith("mtil")) {
            assertEquals(11, config.data().tasks().size());
            assertEquals("runs/" + name, config.output());
            assertEquals(0.85, config.method().weightEnergy().vision());
        }
    }

    @Test
    void aBaseIsExtended() {
        RunConfig config = RunConfigFile.read("mtil-order2-v2", List.of(), GIVEN);
        assertEquals(Preset.OFFICIAL_V2, config.method().preset());
        assertEquals(LayerScale.RISING, config.method().settings().switches().layerScale());
        assertEquals(Head.COSINE, config.method().head(), "from mtil-order2-plus");
        assertEquals(List.of(5, 1, 1, 5, 5, 5, 5, 5, 5, 5, 5), config.train().epochs());
        assertEquals("StanfordCars", config.data().tasks().get(0).name(), "from mtil-order2");
        assertEquals(65.4, config.published().get(0).transfer());
    }

    @Test
    void theAuthorsFileRunsAsItIs() throws IOException {
        RunConfig config = RunConfigFile.read(file(AUTHORS), List.of(), List.of("model=m.pt"));
        assertEquals(LearningMethod.KEEPLORA, config.method().name());
        assertEquals(Preset.OFFICIAL_V1, config.method().preset());
        assertEquals(Head.COSINE, config.method().head());
        assertEquals(16, config.method().rank());
        assertEquals(1, config.method().alpha());
        assertEquals(0.2, config.method().weightEnergy().text());
        assertEquals(List.of(5, 1, 1), config.train().epochs());
        assertEquals(1e-3, config.train().learningRate());
        assertEquals(Precision.BFLOAT16, config.train().precision());
        assertEquals("/your_dataset_path/MTIL", config.data().root());
        assertEquals("runs/keeplora+_order2", config.output());
    }

    @ParameterizedTest
    @CsvSource({"paper,0.6", "official-v1,0.85", "official-v2,0.85"})
    void theShareOfTheWeightsIsThePresetsWhereNoneIsGiven(String preset, double share) {
        String only = "method={preset: " + preset + ", weight_energy: {text: 0.3}}";
        RunConfig config = RunConfigFile.read("example", List.of(), List.of(only));
        assertEquals(share, config.method().weightEnergy().vision());
        assertEquals(0.3, config.method().weightEnergy().text());
    }

    @Test
    void theExampleMarksTheDefaults() throws IOException {
        Matcher called = Pattern.compile("(?m)^ +(\\w+): (\\S+) +#(.*\\(default\\)| default$)")
                .matcher(ShippedConfigs.text("example"));
        JsonNode defaults = ConfigYaml.MAPPER.valueToTree(RunConfigFile.read(
                file("model: m\ndata: {root: r, tasks: [MNIST]}\noutput: o\n"), List.of(), List.of()));
        List<String> keys = new ArrayList<>();
        while (called.find()) {
            keys.add(called.group(1));
            JsonNode value = defaults.findValue(called.group(1));
            JsonNode example = ConfigYaml.MAPPER.readTree(called.group(2));
            assertTrue(
                    value.isNumber() ? value.asDouble() == example.asDouble() : value.equals(example),
                    called.group(1) + " is " + value);
        }
        assertEquals(15, keys.size(), keys::toString);
    }

    @Test
    void aKeyOfNothingHasItsDefault() {
        List<String> nothing = List.of(
                "method.rank=",
                "method.start_b=null",
                "method.weight_energy=null",
                "train.epochs=",
                "save=",
                "runtime.threads=");
        RunConfig config = RunConfigFile.read("example", List.of(), nothing);
        assertEquals(16, config.method().rank());
        assertEquals(StartB.GRADIENT, config.method().startB());
        assertEquals(new RunConfig.Energy(0.6, 0.2), config.method().weightEnergy());
        assertEquals(List.of(10, 10, 10), config.train().epochs());
        assertEquals(new RunConfig.Save(true, false, false, 10), config.save());
        assertEquals(
                Runtime.getRuntime().availableProcessors(), config.runtime().threads());
        String unknown = assertThrows(
                        ConfigProblem.class, () -> RunConfigFile.read("example", List.of(), List.of("train.sed=")))
                .getMessage();
        assertEquals("--set train.sed=: unknown key 'train.sed'; did you mean 'train.seed'?", unknown);
    }

    @Test
    void trailingPairsOverrideTheAuthorsKeys() throws IOException {
        List<String> pairs = List.of(
                "optim.lr",
                "5e-4",
                "v_prin_subspace_threshold2",
                "0.6",
                "classifier",
                "null",
                "add_info",
                "keeplora++");
        RunConfig config = RunConfigFile.read(file(AUTHORS), pairs, GIVEN);
        assertEquals(5e-4, config.train().learningRate());
        assertEquals(0.6, config.method().weightEnergy().vision());
        assertEquals(Head.NONE, config.method().head());
        assertEquals(Preset.OFFICIAL_V2, config.method().preset());
        assertEquals("mtil", config.data().root(), "--set comes last");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            optim.name | SGD           | optim.name is "SGD"; only AdamW is supported
            v_keeplora | [q, v]        | v_keeplora is ["q","v"]; it must list q, k, v and o
            t_adapter_dim | 8          | v_adapter_dim and t_adapter_dim differ
            v_svd_alphas | [0.9, 0.9]  | use 'keeplora spectrum'
            v_adaptor_dim | 8          | unknown key 'v_adaptor_dim'; did you mean 'v_adapter_dim'?
            prec | fp8                 | prec is fp8; it must be amp, fp32 or fp16
            optim.lr | fast            | optim.lr is "fast", not a number
            """)
    void unsupportedValuesOfTheAuthorsKeysAreOneLine(String key, String value, String part) throws IOException {
        String file = file(AUTHORS);
        String message = assertThrows(ConfigProblem.class, () -> RunConfigFile.read(file, List.of(key, value), GIVEN))
                .getMessage();
        assertTrue(message.contains(part), message);
        assertEquals(1, message.lines().count(), message);
    }

    @ParameterizedTest
    @CsvSource({"3", "-4", "128"})
    void microBatchesAreAPowerOfTwoWithinTheBatch(int count) {
        String message = assertThrows(
                        ConfigProblem.class,
                        () -> RunConfigFile.read("example", List.of(), List.of("train.micro_batches=" + count)))
                .getMessage();
        assertTrue(
                message.contains("train.micro_batches is " + count
                        + "; it must be 0 or a power of two up to train.batch_size, 64"),
                message);
    }

    @Test
    void unknownNamesAndLonePairsAreOneLine() {
        String unknown = assertThrows(ConfigProblem.class, () -> RunConfigFile.read("mtil-oder1", List.of(), GIVEN))
                .getMessage();
        assertTrue(unknown.contains("did you mean 'mtil-order1'?"), unknown);
        String lone = assertThrows(
                        ConfigProblem.class, () -> RunConfigFile.read("example", List.of("train.seed"), GIVEN))
                .getMessage();
        assertTrue(lone.contains("KEY VALUE"), lone);
    }

    @Test
    void ownTasksAreOrderedAmongTheOthers() {
        String tasks =
                "data.tasks=[EuroSAT, {name: Leaves, folder: my/leaves}, {name: Table, csv: t.csv, template: 'a {}'}]";
        RunConfig config = RunConfigFile.read("example", List.of(), List.of(tasks));
        List<DataSource> sources = config.data().tasks();
        assertEquals(
                List.of("EuroSAT", "Leaves", "Table"),
                sources.stream().map(DataSource::name).toList());
        assertEquals("a photo of a {}.", ((DataSource.Own) sources.get(1)).template());
        Map<?, ?> data = (Map<?, ?>) RunConfigFile.values(config).get("data");
        assertEquals(
                "[EuroSAT, {name=Leaves, folder=my/leaves, template=a photo of a {}.}, {name=Table, csv=t.csv, template=a {}}]",
                data.get("tasks").toString());
        for (String wrong :
                List.of("{name: X}", "{folder: f}", "{name: X, folder: f, csv: c}", "{name: X, foldr: f}")) {
            assertThrows(
                    ConfigProblem.class,
                    () -> RunConfigFile.read("example", List.of(), List.of("data.tasks=[" + wrong + "]")));
        }
    }
}
