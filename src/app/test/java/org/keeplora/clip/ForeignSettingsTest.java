package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.store.BadFile;
import org.keeplora.store.KnownKeys;
import org.keeplora.store.KnownKeys.Known;
import org.keeplora.store.KnownKeys.Treatment;

/**
 * Every key that other programs write into the configuration of a model or an adapter is computed, refused, or
 * harmless; {@code src/site/markdown/foreign-settings.md} lists them.
 */
final class ForeignSettingsTest {
    private static final Path DOCUMENT = Path.of("../site/markdown/foreign-settings.md");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String OTHER = "other";

    @TempDir
    private Path folder;

    /**
     * An object of a foreign configuration.
     *
     * @param path of the object within {@code file}; empty for the whole file
     */
    private record Table(String program, String file, String path, KnownKeys keys) {
        String heading() {
            return program + ", `" + file + "`" + (path.isEmpty() ? "" : ": `" + path + "`");
        }

        String key(String name) {
            return path.isEmpty() ? name : path + "." + name;
        }
    }

    private static final String OC = OpenClipConfig.FILE;
    private static final String TF = TransformersConfig.FILE;
    private static final List<Table> TABLES = List.of(
            new Table("open_clip", OC, "", OpenClipConfig.FILE_KEYS),
            new Table("open_clip", OC, "model_cfg", OpenClipConfig.MODEL),
            new Table("open_clip", OC, "model_cfg.vision_cfg", OpenClipConfig.VISION),
            new Table("open_clip", OC, "model_cfg.text_cfg", OpenClipConfig.TEXT),
            new Table("open_clip", OC, "preprocess_cfg", OpenClipConfig.PIXELS),
            new Table("transformers", TF, "", TransformersConfig.MODEL),
            new Table("transformers", TF, "text_config", TransformersConfig.TEXT),
            new Table("transformers", TF, "vision_config", TransformersConfig.VISION),
            new Table("transformers", "preprocessor_config.json", "", TransformersConfig.PIXELS),
            new Table("PEFT", "adapter_config.json", "", PeftAdapter.KEYS));

    private static String outcome(Known known) {
        return switch (known.treatment()) {
            case COMPUTED -> "computed";
            case HARMLESS -> "changes nothing here";
            case RESTRICTED ->
                known.values().isEmpty()
                        ? "refused unless off"
                        : "refused unless "
                                + known.values().stream()
                                        .map(value -> "`" + value + "`")
                                        .collect(Collectors.joining(" or "));
        };
    }

    @Test
    void theDocumentListsEveryKey() throws IOException {
        String document = Files.readString(DOCUMENT);
        StringBuilder tables = new StringBuilder();
        for (Table table : TABLES) {
            tables.append("\n## ").append(table.heading()).append("\n\n| key | what becomes of it |\n|---|---|\n");
            table.keys()
                    .byName()
                    .forEach((key, known) -> tables.append("| `" + key + "` | " + outcome(known) + " |\n"));
        }
        assertEquals(tables.toString(), document.substring(document.indexOf("\n## ")));
    }

    private Path write(Table table, String key, Object value) throws IOException {
        if (table.program().equals("PEFT")) {
            ObjectNode config = JSON.createObjectNode().put("peft_type", "LORA").put("r", 4);
            config.set(key, JSON.valueToTree(value));
            return Files.writeString(folder.resolve(table.file()), config.toString());
        }
        ClipVariant.of(table.program(), "plain").write(folder);
        set(table, Map.of(key, value));
        return folder.resolve(table.file());
    }

    private void set(Table table, Map<String, Object> values) throws IOException {
        Path file = folder.resolve(table.file());
        ObjectNode whole = (ObjectNode) JSON.readTree(file.toFile());
        ObjectNode section = whole;
        for (String name : table.path().isEmpty() ? new String[0] : table.path().split("\\.")) {
            section = section.withObjectProperty(name);
        }
        ObjectNode target = section;
        values.forEach((key, value) -> target.set(key, JSON.valueToTree(value)));
        Files.writeString(file, whole.toString());
    }

    private void read(Table table) {
        if (table.program().equals("PEFT")) {
            Path file = folder.resolve(table.file());
            new PeftTargets(PeftAdapter.config(file)).require("vision_model.encoder.layers.0.self_attn.q_proj", 0);
            PeftAdapter.scale(PeftAdapter.config(file), "vision_model.encoder.layers.0.self_attn.q_proj", 4);
        } else {
            ClipModel.load(folder).close();
        }
    }

    private static Stream<DynamicTest> everyKey(Treatment treatment, OneKey test) {
        return TABLES.stream().flatMap(table -> table.keys().byName().entrySet().stream()
                .filter(entry -> entry.getValue().treatment() == treatment)
                .map(entry -> dynamicTest(
                        table.heading() + ", " + entry.getKey(),
                        () -> test.of(table, entry.getKey(), entry.getValue()))));
    }

    private interface OneKey {
        void of(Table table, String key, Known known) throws IOException;
    }

    @TestFactory
    Stream<DynamicTest> aValueThatIsNotSupportedIsRefused() {
        return everyKey(Treatment.RESTRICTED, (table, key, known) -> {
            Path file = write(table, key, OTHER);
            String supported = known.values().stream().map(Object::toString).collect(Collectors.joining(" or "));
            assertEquals(
                    file + ": " + table.key(key) + " is \"other\""
                            + (supported.isEmpty()
                                    ? ", which is not supported"
                                    : "; only " + supported + " is supported"),
                    assertThrows(BadFile.class, () -> read(table)).getMessage());
        });
    }

    @TestFactory
    Stream<DynamicTest> aComputedKeyIsLookedAt() {
        return everyKey(Treatment.COMPUTED, (table, key, known) -> {
            String value = key.equals("exclude_modules") ? ".*" : OTHER;
            Path file = write(table, key, value);
            String message = assertThrows(BadFile.class, () -> read(table)).getMessage();
            assertTrue(
                    message.startsWith(file + ": " + table.key(key) + " ") && message.contains("\"" + value + "\""),
                    message);
        });
    }

    @TestFactory
    Stream<DynamicTest> anUnknownKeyIsRefused() {
        return TABLES.stream()
                .map(table -> dynamicTest(table.heading(), () -> {
                    Path file = write(table, "key_of_tomorrow", 2);
                    assertEquals(
                            file + ": " + table.key("key_of_tomorrow")
                                    + " is 2, a setting that is not known here and could change the result; the file can be used only without it",
                            assertThrows(BadFile.class, () -> read(table)).getMessage());
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatChangesNothingMayHoldAnything() {
        return TABLES.stream()
                .filter(table -> !table.program().equals("PEFT"))
                .map(table -> dynamicTest(table.heading(), () -> {
                    ClipVariant plain = ClipVariant.of(table.program(), "plain");
                    plain.write(folder);
                    String transform;
                    try (ClipModel model = ClipModel.load(folder)) {
                        transform = model.imageTransform().toString();
                    }
                    set(
                            table,
                            table.keys().byName().entrySet().stream()
                                    .filter(entry -> entry.getValue().treatment() == Treatment.HARMLESS)
                                    .collect(Collectors.toMap(Map.Entry::getKey, entry -> OTHER)));
                    try (ClipModel model = ClipModel.load(folder)) {
                        assertArrayEquals(plain.logits(), ClipVariantsTest.logits(model), 1e-5f);
                        assertEquals(transform, model.imageTransform().toString());
                    }
                }));
    }
}
