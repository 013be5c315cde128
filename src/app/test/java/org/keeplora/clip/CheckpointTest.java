package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keeplora.store.BadFile;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Tensors;

/** The same tiny CLIP in every layout gives the same logits; a faulty checkpoint is refused in one line. */
@Tag("shared")
final class CheckpointTest {
    @TempDir
    Path folder;

    private static void copy(Path from, Path to) throws IOException {
        Files.createDirectories(to);
        try (Stream<Path> files = Files.list(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(file.getFileName().toString());
                Files.copy(file, target);
                target.toFile().setWritable(true);
            }
        }
    }

    private Path huggingFace() throws IOException {
        Path copy = folder.resolve("hf");
        copy(Shared.file("golden/clip-tiny-hf"), copy);
        return copy;
    }

    private static float[] logits(Path checkpoint) {
        Safetensors golden = Safetensors.open(Shared.file("golden/clip-tiny-logits.safetensors"));
        try (ClipModel model = ClipModel.load(checkpoint);
                PointerScope scope = new PointerScope()) {
            NamedArray images = golden.get("images");
            long[] ids = golden.get("tokens").toLongs();
            int[] ends = new int[4];
            for (int i = 0; i < ends.length; i++) {
                for (int j = 0; j < 77; j++) {
                    ends[i] = ids[77 * i + j] > ids[77 * i + ends[i]] ? j : ends[i];
                }
            }
            TokenBatch prompts = new TokenBatch(Tensors.ofLongs(ids).reshape(4, 77), ends);
            return Tensors.floats(model.logits(
                    model.encodeImage(Tensors.ofFloats(images.toFloats(), images.shape())), model.encodeText(prompts)));
        }
    }

    private static void assertGoldenLogits(Path checkpoint, double tolerance) {
        float[] expected = Safetensors.open(Shared.file("golden/clip-tiny-logits.safetensors"))
                .get("logits_per_image")
                .toFloats();
        assertArrayEquals(expected, logits(checkpoint), (float) tolerance);
    }

    @ParameterizedTest
    @CsvSource({
        "clip-tiny.safetensors, 2e-4",
        "clip-tiny-hf, 2e-4",
        "clip-tiny-hf/model.safetensors, 2e-4",
        "clip-tiny-openai.pt, 2e-2"
    })
    void everyLayoutGivesTheSameLogits(String name, double tolerance) {
        assertGoldenLogits(Shared.file("golden/" + name), tolerance);
    }

    @Test
    void shardsAreReadTogether() throws IOException {
        Path copy = huggingFace();
        Safetensors whole = Safetensors.open(copy.resolve("model.safetensors"));
        List<NamedArray> one = new ArrayList<>();
        List<NamedArray> two = new ArrayList<>();
        StringBuilder map = new StringBuilder();
        for (String name : whole.names()) {
            boolean first = name.startsWith("text");
            (first ? one : two).add(whole.get(name));
            map.append(String.format(
                    Locale.ROOT,
                    "%s\"%s\": \"%s\"",
                    map.isEmpty() ? "" : ", ",
                    name,
                    first ? "a.safetensors" : "b.safetensors"));
        }
        Safetensors.write(copy.resolve("a.safetensors"), one, Map.of());
        Safetensors.write(copy.resolve("b.safetensors"), two, Map.of());
        Files.writeString(copy.resolve("model.safetensors.index.json"), "{\"weight_map\": {" + map + "}}");
        Files.delete(copy.resolve("model.safetensors"));
        assertGoldenLogits(copy, 2e-4);
        Files.delete(copy.resolve("b.safetensors"));
        assertRefused(copy, "b.safetensors: no such file");
    }

    private static void assertRefused(Path checkpoint, String part) {
        String message =
                assertThrows(BadFile.class, () -> ClipModel.load(checkpoint)).getMessage();
        assertTrue(message.contains(part), message);
        assertEquals(1, message.lines().count(), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            config.json | "quick_gelu" | "relu" | vision_config.hidden_act is "relu"; only quick_gelu and gelu are supported
            config.json | "num_attention_heads": 2 | "num_attention_heads": 5 | vision_config.num_attention_heads makes 5 heads, which do not divide the width of 128
            config.json | "num_hidden_layers": 3 | "num_hidden_layers": 2 | vision_config.num_hidden_layers is 2; the tensors have 3
            config.json | "image_size": 32 | "image_size": 48 | vision_config.image_size is 48; the tensors have 32
            config.json | "patch_size": 8 | "patch_size": null | vision_config.patch_size is missing, so it is 32; the tensors have 8
            config.json | 1e-05 | 1e-06 | layer_norm_eps is 1.0E-6; only 1.0E-5 is supported
            config.json | "clip" | "siglip" | model_type is "siglip"; only clip is supported
            preprocessor_config.json | "do_normalize": true | "do_normalize": null | do_normalize is null; a value is expected
            preprocessor_config.json | "resample": 3 | "resample": 2 | resample is 2; only 3 is supported
            preprocessor_config.json | "shortest_edge": 32 | "shortest_edge": 24 | size 24 and crop_size 32 make no images of 32 pixels, which the model reads
            preprocessor_config.json | "height": 32 | "height": 31 | crop_size is {"height":31,"width":32}; the side of a square is expected
            preprocessor_config.json | "do_center_crop": true | "do_center_crop": false | do_center_crop is false; only true is supported where size is not a height and a width
            preprocessor_config.json | "shortest_edge": 32 | "longest_edge": 32 | size.longest_edge is 32, a setting that is not known here
            """)
    void configurationsOfOtherNetworksAreRefused(String file, String from, String to, String part) throws IOException {
        Path copy = huggingFace();
        Path changed = copy.resolve(file);
        String text = Files.readString(changed);
        assertTrue(text.contains(from), from);
        Files.writeString(changed, text.replace(from, to));
        assertRefused(copy, part);
    }

    @Test
    void wrongTensorsAreNamedAsTheCheckpointNamesThem() throws IOException {
        Path copy = huggingFace();
        Safetensors whole = Safetensors.open(copy.resolve("model.safetensors"));
        String name = "vision_model.encoder.layers.1.self_attn.k_proj.weight";
        List<NamedArray> arrays =
                new ArrayList<>(whole.names().stream().map(whole::get).toList());
        NamedArray k = arrays.remove(List.copyOf(whole.names()).indexOf(name));
        Path file = folder.resolve("missing.safetensors");
        Safetensors.write(file, arrays, Map.of());
        assertRefused(file, "tensor '" + name + "' is missing");
        arrays.add(new NamedArray(name, k.format(), new long[] {64, 256}, k.data()));
        Path shape = folder.resolve("shape.safetensors");
        Safetensors.write(shape, arrays, Map.of());
        assertRefused(shape, "tensor '" + name + "' has shape [64, 256] but [128, 128] is expected");
        assertRefused(folder, "a folder without model.safetensors");
    }

    @Test
    void aSavedModelIsTheHuggingFaceModelToTheBit() throws IOException {
        Path saved = folder.resolve("saved");
        try (ClipModel model = ClipModel.load(Shared.file("golden/clip-tiny.safetensors"))) {
            model.save(saved);
        }
        Safetensors expected = Safetensors.open(Shared.file("golden/clip-tiny-hf/model.safetensors"));
        Safetensors actual = Safetensors.open(saved.resolve("model.safetensors"));
        assertEquals(expected.names(), actual.names());
        for (String name : expected.names()) {
            assertArrayEquals(expected.shape(name), actual.shape(name), name);
            assertArrayEquals(expected.get(name).toFloats(), actual.get(name).toFloats(), name);
        }
        assertEquals("pt", actual.metadata().get("format"));
        assertGoldenLogits(saved, 2e-4);
    }
}
