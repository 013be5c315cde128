package org.keeplora.clip;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.store.BadFile;
import org.keeplora.testing.Fuzzed;

/** The parsers of clip under arbitrary input; {@code src/app/test/fuzz.sh} fuzzes, the build runs the seeds. */
final class ClipFuzzTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static Stream<byte[]> configs() {
        return Stream.of(
                utf8(
                        "{\"model_type\":\"clip\",\"text_config\":{\"hidden_act\":\"gelu\",\"hidden_size\":512,\"num_attention_heads\":8},"
                                + "\"vision_config\":{\"hidden_act\":\"gelu\",\"layer_norm_eps\":1e-5}}"),
                utf8(
                        "{\"image_mean\":[0.48145466,0.4578275,0.40821073],\"size\":{\"shortest_edge\":224},\"resample\":3}"),
                utf8("{\"model_cfg\":{\"quick_gelu\":true}}"));
    }

    @MethodSource("configs")
    @FuzzTest
    void modelConfig(byte[] content) throws Throwable {
        Path file = Fuzzed.file("preprocessor_config.json", content);
        TowerArchitecture tower = TowerArchitecture.openAi(64, 1);
        ClipArchitecture shapes = ClipArchitecture.of(tower, tower)
                .imageSize(32)
                .patchSize(8)
                .embedding(64)
                .contextLength(77)
                .vocabulary(512)
                .build();
        Fuzzed.readOrRefused(() -> new TransformersConfig(file).complete(shapes), BadFile.class);
        Fuzzed.readOrRefused(() -> TransformersConfig.transform(ConfigSection.of(file), 32), BadFile.class);
        Fuzzed.readOrRefused(() -> new OpenClipConfig(file).complete(shapes), BadFile.class);
        Fuzzed.readOrRefused(() -> new OpenClipConfig(file).transform(32), BadFile.class);
    }

    static Stream<byte[]> vocabularies() throws IOException {
        byte[] text = utf8("#version: 0.2\ni n\nt h\na n</w>\n");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(text);
        }
        return Stream.of(text, bytes.toByteArray());
    }

    @MethodSource("vocabularies")
    @FuzzTest
    void bpeVocabulary(byte[] content) throws Throwable {
        Path file = Fuzzed.file("bpe.gz", content);
        Fuzzed.readOrRefused(() -> BpeVocabulary.tokenizerJson(file), BadFile.class);
    }

    static Stream<byte[]> adapters() {
        return Stream.of(
                utf8(
                        "{\"peft_type\":\"LORA\",\"r\":4,\"lora_alpha\":8,\"bias\":\"none\",\"alpha_pattern\":{\"q_proj\":2}}"),
                utf8("{\"peft_type\":\"LORA\",\"alpha_pattern\":{\"(a*)*b\":1}}"));
    }

    @MethodSource("adapters")
    @FuzzTest
    void adapterConfig(byte[] content) throws Throwable {
        Path file = Fuzzed.file("adapter_config.json", content);
        Fuzzed.readOrRefused(
                () -> PeftAdapter.scale(
                        PeftAdapter.config(file), "vision_model.encoder.layers.11.self_attn.out_proj", 4),
                BadFile.class);
    }
}
