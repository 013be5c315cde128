package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.store.BadFile;
import org.keeplora.store.Safetensors;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.LowRankChange;
import org.keeplora.torch.Tensors;

/** A task's change written to and read from PEFT's files is unchanged: base + adapters = merged model. */
@Tag("shared")
final class PeftAdapterTest {
    /** The project's bound for this exchange: rounding of float32 sums. */
    private static final float MERGED = 1e-5f;

    @TempDir
    Path folder;

    private static ClipModel tiny() {
        return ClipModel.load(Shared.file("golden/clip-tiny.safetensors"));
    }

    private static Tensor gaussian(Random random, int rows, int cols) {
        float[] values = new float[rows * cols];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) random.nextGaussian() / 10;
        }
        return Tensors.ofFloats(values, rows, cols);
    }

    /** Trained adapters of rank 4, of rank 2 at one site, with a non-zero start. */
    private static Map<Site, LowRankChange> learn(ClipModel model, long seed, Adapter.Trained trained) {
        Random random = new Random(seed);
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Map<Site, Adapter> adapters = new HashMap<>();
            for (Site site : model.sites()) {
                int width = (int) model.weight(site).size(0);
                int rank = site.toString().equals("vision.1.k") ? 2 : 4;
                adapters.put(
                        site, new Adapter(gaussian(random, width, rank), gaussian(random, rank, width), 0.7, trained));
            }
            model.attach(adapters);
            model.trainable().forEach(factor -> factor.mul_(new Scalar(1.3)));
            return model.changes();
        }
    }

    private static List<float[]> weights(ClipModel model) {
        List<float[]> weights = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            model.sites().forEach(site -> weights.add(Tensors.floats(model.weight(site))));
        }
        return weights;
    }

    private static void close(Map<Site, LowRankChange> changes) {
        changes.values().forEach(LowRankChange::close);
    }

    @ParameterizedTest
    @EnumSource(Adapter.Trained.class)
    void baseAndAdaptersAreTheMergedModel(Adapter.Trained trained) throws IOException {
        List<float[]> merged;
        try (ClipModel model = tiny()) {
            for (int task = 0; task < 2; task++) {
                Map<Site, LowRankChange> changes = learn(model, task, trained);
                PeftAdapter.write(Files.createDirectories(folder.resolve("" + task)), changes, Optional.empty());
                close(changes);
                model.merge();
            }
            merged = weights(model);
        }
        try (ClipModel model = tiny()) {
            List<float[]> before = weights(model);
            for (int task = 0; task < 2; task++) {
                Map<Site, LowRankChange> changes = PeftAdapter.read(folder.resolve("" + task));
                assertEquals(model.sites().size(), changes.size());
                model.apply(changes);
                close(changes);
            }
            List<float[]> after = weights(model);
            for (int i = 0; i < merged.size(); i++) {
                assertArrayEquals(merged.get(i), after.get(i), MERGED);
                assertTrue(!java.util.Arrays.equals(before.get(i), after.get(i)), "the change is not nothing");
            }
        }
    }

    private void write() throws IOException {
        try (ClipModel model = tiny()) {
            Map<Site, LowRankChange> changes = learn(model, 1, Adapter.Trained.B);
            PeftAdapter.write(folder, changes, Optional.of("openai/clip"));
            close(changes);
        }
    }

    @Test
    void filesAreThoseOfPeft() throws IOException {
        write();
        JsonNode config = new ObjectMapper()
                .readTree(folder.resolve("adapter_config.json").toFile());
        assertEquals("LORA", config.get("peft_type").asText());
        assertEquals(4, config.get("r").asInt());
        assertEquals(4, config.get("lora_alpha").asInt());
        assertEquals("openai/clip", config.get("base_model_name_or_path").asText());
        assertEquals(
                "[\"q_proj\",\"k_proj\",\"v_proj\",\"out_proj\"]",
                config.get("target_modules").toString());
        assertEquals(
                "{\"vision_model.encoder.layers.1.self_attn.k_proj\":2}",
                config.get("rank_pattern").toString());
        Safetensors weights = Safetensors.open(folder.resolve("adapter_model.safetensors"));
        String module = "base_model.model.vision_model.encoder.layers.0.self_attn.out_proj.";
        assertArrayEquals(new long[] {4, 128}, weights.shape(module + "lora_A.weight"));
        assertArrayEquals(new long[] {128, 4}, weights.shape(module + "lora_B.weight"));
        assertEquals(2 * 24, weights.names().size());
    }

    @Test
    void alphaScales() throws IOException {
        write();
        Map<Site, LowRankChange> plain = PeftAdapter.read(folder);
        Path config = folder.resolve("adapter_config.json");
        Files.writeString(config, Files.readString(config).replace("\"lora_alpha\" : 4", "\"lora_alpha\" : 8"));
        Map<Site, LowRankChange> doubled = PeftAdapter.read(folder);
        Site site = new Site(Tower.TEXT, 0, AttentionProjection.V);
        float[] once = Tensors.floats(plain.get(site).b());
        float[] twice = Tensors.floats(doubled.get(site).b());
        for (int i = 0; i < once.length; i++) {
            assertEquals(2 * once[i], twice[i]);
        }
        close(plain);
        close(doubled);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "peft_type" : "LORA" | "peft_type" : "IA3" | peft_type is "IA3"
            "use_dora" : false | "use_dora" : true | use_dora is true
            "bias" : "none" | "bias" : "all" | bias is "all"
            "modules_to_save" : null | "modules_to_save" : ["head"] | modules_to_save is ["head"]
            """)
    void otherKindsOfAdaptersAreRefused(String from, String to, String part) throws IOException {
        write();
        Path config = folder.resolve("adapter_config.json");
        assertTrue(Files.readString(config).contains(from), from);
        Files.writeString(config, Files.readString(config).replace(from, to));
        String message =
                assertThrows(BadFile.class, () -> PeftAdapter.read(folder)).getMessage();
        assertTrue(message.contains(part), message);
    }
}
