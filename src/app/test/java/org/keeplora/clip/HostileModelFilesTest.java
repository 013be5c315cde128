package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.store.BadFile;
import org.keeplora.store.ElementFormat;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.testing.MainsLocale;
import org.keeplora.testing.Refused;
import org.keeplora.torch.TorchDevice;

/** Configurations, vocabularies, adapters and weights that are damaged or hostile. */
@ExtendWith(MainsLocale.class)
final class HostileModelFilesTest {
    private static final String KEY = "base_model.model.vision_model.encoder.layers.%s.self_attn.q_proj.lora_%s.weight";

    @TempDir
    Path folder;

    static Stream<Arguments> configs() {
        return Stream.of(
                Arguments.of("", "not a JSON object; fetch the model again"),
                Arguments.of("[]", "not a JSON object; fetch the model again"),
                Arguments.of(
                        "{\"model_type\":",
                        "not valid JSON at line 1, column 15 (Unexpected end-of-input within/between Object entries); fetch the model again"),
                Arguments.of(
                        "{\"model_type\":\"clip\",\"model_type\":\"bert\"}",
                        "not valid JSON at line 1, column 34 (Duplicate field 'model_type'); fetch the model again"),
                Arguments.of(
                        "{\"a\":" + "{\"a\":".repeat(100),
                        "not valid JSON (Document nesting depth (65) exceeds the maximum allowed (64)); fetch the model again"),
                Arguments.of("{\"model_type\":{\"a\":1}}", "model_type is {\"a\":1}; only clip is supported"),
                Arguments.of("{\"model_type\":\"be\\nrt\"}", "model_type is \"be\\nrt\"; only clip is supported"),
                Arguments.of(
                        "{\"vision_config\":{\"hidden_act\":[]}}",
                        "vision_config.hidden_act is []; a text is expected"),
                Arguments.of(
                        "{\"vision_config\":{\"layer_norm_eps\":\"1e400\"}}",
                        "vision_config.layer_norm_eps is \"1e400\"; only 1.0E-5 is supported"),
                Arguments.of(
                        "{\"vision_config\":{\"hidden_size\":-64,\"num_attention_heads\":1}}",
                        "vision_config.hidden_size is -64; a whole number above 0 is expected"));
    }

    @ParameterizedTest
    @MethodSource("configs")
    void configIsRefused(String json, String message) throws IOException {
        Path file = Files.writeString(folder.resolve("a"), json);
        TowerArchitecture vision = TowerArchitecture.openAi(768, 12);
        ClipArchitecture shapes = ClipArchitecture.of(vision, TowerArchitecture.openAi(512, 12))
                .imageSize(224)
                .patchSize(32)
                .embedding(512)
                .contextLength(77)
                .vocabulary(49408)
                .build();
        Refused.with(BadFile.class, folder, "#/a: " + message, () -> new TransformersConfig(file).complete(shapes));
    }

    static Stream<Arguments> adapters() {
        return Stream.of(
                Arguments.of("{}", "peft_type is missing; only LORA is supported"),
                Arguments.of("{\"peft_type\":\"LORA\",\"use_dora\":true}", "use_dora is true, which is not supported"),
                Arguments.of(
                        "{\"peft_type\":\"LORA\",\"modules_to_save\":[\"../x\"]}",
                        "modules_to_save is [\"../x\"], which is not supported"),
                Arguments.of(
                        alpha("(?<a>a*)"),
                        "alpha_pattern: '(?<a>a*)' has counts, other signs or more than 200 letters, which is not supported"),
                Arguments.of(
                        alpha("a{1000000000}"),
                        "alpha_pattern: 'a{1000000000}' has counts, other signs or more than 200 letters, which is not supported"),
                Arguments.of(
                        alpha("[z-a]"), "alpha_pattern: '[z-a]' is not a regular expression (Illegal character range)"),
                Arguments.of(
                        alpha(".*".repeat(12) + "z"),
                        "alpha_pattern: '.*.*.*.*.*.*.*.*.*.*.*.*z' takes too long to match; write it more simply"));
    }

    private static String alpha(String key) {
        return "{\"peft_type\":\"LORA\",\"r\":2,\"alpha_pattern\":{\"" + key + "\":1}}";
    }

    @ParameterizedTest
    @MethodSource("adapters")
    void adapterConfigIsRefused(String json, String message) throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), json);
        weights("0", matrix(2, 64), matrix(64, 2));
        Refused.with(BadFile.class, folder, "#/adapter_config.json: " + message, () -> PeftAdapter.read(folder));
    }

    static Stream<Arguments> weights() {
        return Stream.of(
                Arguments.of(
                        "99999999999",
                        matrix(2, 64),
                        matrix(64, 2),
                        "holds base_model.model.vision_model.encoder.layers.99999999999.self_attn.q_proj.lora_A.weight; only q_proj, k_proj, v_proj and out_proj of CLIP's layers are supported"),
                Arguments.of(
                        "0",
                        matrix(0, 64),
                        matrix(64, 0),
                        "lora_A and lora_B of vision_model.encoder.layers.0.self_attn.q_proj are empty or do not fit"),
                Arguments.of(
                        "0",
                        matrix(2, 64),
                        matrix(64, 3),
                        "lora_A and lora_B of vision_model.encoder.layers.0.self_attn.q_proj are empty or do not fit"),
                Arguments.of(
                        "0",
                        matrix(2, 64),
                        new NamedArray("", ElementFormat.I64, new long[] {2}, ByteBuffer.allocate(16)),
                        "base_model.model.vision_model.encoder.layers.0.self_attn.q_proj.lora_B.weight is of type I64; one of [F16, BF16, F32, F64] is expected"),
                Arguments.of(
                        "0",
                        NamedArray.of("", new long[] {128}, new float[128]),
                        matrix(64, 2),
                        "lora_A and lora_B of vision_model.encoder.layers.0.self_attn.q_proj are empty or do not fit"));
    }

    @ParameterizedTest
    @MethodSource("weights")
    void adapterWeightsAreRefused(String block, NamedArray a, NamedArray b, String message) throws IOException {
        Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\":\"LORA\"}");
        weights(block, a, b);
        Refused.with(BadFile.class, folder, "#/adapter_model.safetensors: " + message, () -> PeftAdapter.read(folder));
    }

    private void weights(String block, NamedArray a, NamedArray b) {
        Safetensors.write(
                folder.resolve("adapter_model.safetensors"),
                List.of(
                        named(String.format(Locale.ROOT, KEY, block, "A"), a),
                        named(String.format(Locale.ROOT, KEY, block, "B"), b)),
                Map.of());
    }

    private static NamedArray matrix(int rows, int columns) {
        return NamedArray.of("", new long[] {rows, columns}, new float[rows * columns]);
    }

    private static NamedArray named(String name, NamedArray array) {
        return new NamedArray(name, array.format(), array.shape(), array.data());
    }

    static Stream<Arguments> vocabularies() throws IOException {
        byte[] few = zipped("#version\na b\n".getBytes(StandardCharsets.UTF_8));
        return Stream.of(
                Arguments.of("too few", few, "holds 1 merges but CLIP's vocabulary needs 48894; fetch it again"),
                Arguments.of(
                        "cut",
                        Arrays.copyOf(few, few.length - 10),
                        "not complete gzip text (Unexpected end of ZLIB input stream); fetch it again"),
                Arguments.of(
                        "bomb",
                        zipped(new byte[17 << 20]),
                        "unpacks to more than 16777216 bytes; is it the right file?"),
                Arguments.of(
                        "one symbol",
                        zipped("#\n".concat("ab\n".repeat(48_894)).getBytes(StandardCharsets.UTF_8)),
                        "line 2 'ab' is not two symbols; fetch it again"),
                Arguments.of(
                        "one token many times",
                        zipped("#\n".concat("a b\n".repeat(48_894)).getBytes(StandardCharsets.UTF_8)),
                        "its merges make a duplicate token: not CLIP's vocabulary; fetch it again"),
                Arguments.of(
                        "gzip start alone",
                        new byte[] {0x1f, (byte) 0x8b, 8},
                        "not complete gzip text (cut short); fetch it again"),
                Arguments.of(
                        "no model",
                        "{}".getBytes(StandardCharsets.UTF_8),
                        "not a tokenizer.json (it names no model); give CLIP's tokenizer.json or bpe_simple_vocab_16e6.txt.gz"),
                Arguments.of(
                        "empty",
                        new byte[0],
                        "not a JSON object; not a tokenizer.json, give CLIP's tokenizer.json or bpe_simple_vocab_16e6.txt.gz"));
    }

    private static byte[] zipped(byte[] content) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(content);
        }
        return bytes.toByteArray();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vocabularies")
    void vocabularyIsRefused(String what, byte[] content, String message) throws IOException {
        Path file = Files.write(folder.resolve("a"), content);
        Refused.with(BadFile.class, folder, "#/a: " + message, () -> Tokenizer.open(file)
                .close());
    }

    /** Uses the system's list of open files: a refused file is closed. */
    @Test
    void aRefusedVocabularyIsClosed() throws IOException {
        Path open = Path.of("/proc/self/fd");
        assumeTrue(Files.isDirectory(open), "no list of open files here");
        Path file = Files.write(folder.resolve("a"), new byte[] {0x1f, (byte) 0x8b, 7, 7, 7, 7, 7, 7, 7, 7, 7});
        Refused.with(
                BadFile.class,
                folder,
                "#/a: not complete gzip text (Unsupported compression method); fetch it again",
                () -> Tokenizer.open(file).close());
        try (Stream<Path> files = Files.list(open)) {
            assertEquals(
                    List.of(),
                    files.map(HostileModelFilesTest::target)
                            .filter(file.toString()::equals)
                            .toList());
        }
    }

    private static String target(Path link) {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (IOException e) { // the list's own entry, which is closed by now
            return "";
        }
    }

    static Stream<Arguments> shapes() {
        return Stream.of(
                Arguments.of(
                        new long[] {0, 3, 32, 32},
                        new long[] {50, 64},
                        "7 x 7 patches of side 32, widths 0 and 64, 10 tokens: sizes must be 1 to 1000000; give a CLIP ViT"),
                Arguments.of(
                        new long[] {64, 3, 32, 32},
                        new long[] {50, 64},
                        "an MLP of width 0: sizes must be 1 to 1000000; give a CLIP ViT"),
                Arguments.of(
                        new long[] {64, 0, 4_294_967_328L, 32},
                        new long[] {50, 64},
                        "7 x 7 patches of side 4294967328, widths 64 and 64, 10 tokens: sizes must be 1 to 1000000; give a CLIP ViT"),
                Arguments.of(
                        new long[] {64, 3, 32, 32},
                        new long[] {0, 64},
                        "0 x 0 patches of side 32, widths 64 and 64, 10 tokens: sizes must be 1 to 1000000; give a CLIP ViT"));
    }

    /** Sizes that are used only in calls of libtorch. */
    @ParameterizedTest
    @MethodSource("shapes")
    void sizesAreRefusedBeforeLibtorchSeesThem(long[] patches, long[] positions, String message) {
        List<NamedArray> arrays = new ArrayList<>();
        arrays.add(zeros("visual.conv1.weight", patches));
        arrays.add(zeros("visual.positional_embedding", positions));
        arrays.add(zeros("token_embedding.weight", 10, 64));
        arrays.add(zeros("text_projection", 64, 64));
        arrays.add(zeros("positional_embedding", 77, 64));
        arrays.add(zeros("visual.transformer.resblocks.0.mlp.c_fc.weight", 0, 64));
        Path file = folder.resolve("a.safetensors");
        Safetensors.write(file, arrays, Map.of());
        Refused.with(BadFile.class, folder, "#/a.safetensors: " + message, () -> ClipModel.load(file, TorchDevice.CPU));
    }

    private static NamedArray zeros(String name, long... shape) {
        int count = (int) Arrays.stream(shape).reduce(1, Math::multiplyExact);
        return NamedArray.of(name, shape, new float[count]);
    }

    @Test
    void aShardOutsideOfTheModelIsNotOpened() throws IOException {
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"weight_map\":{\"w\":\"../other.safetensors\"}}");
        Refused.with(
                BadFile.class,
                folder,
                "#/model.safetensors.index.json: weight_map: '../other.safetensors' is not the name of a file beside the index; fetch the index and its files again",
                () -> ClipModel.load(folder, TorchDevice.CPU));
    }
}
