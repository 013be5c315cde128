package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.store.BadFile;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.torch.TorchDevice;

/** The place of a model in a file, the names of its tensors, and the configuration that belongs to it. */
final class CheckpointNamesTest {
    private static final NamedArray SCALAR = NamedArray.of("logit_scale", new long[] {1}, new float[] {1});

    @TempDir
    private Path folder;

    /** The plain variant of {@code program}, with changed tensors. */
    private Path checkpoint(String program, UnaryOperator<List<NamedArray>> change) throws IOException {
        Path file = ClipVariant.of(program, "plain").write(folder);
        Safetensors weights = Safetensors.open(file);
        List<NamedArray> arrays = new ArrayList<>();
        weights.names().forEach(name -> arrays.add(weights.get(name)));
        Safetensors.write(file, change.apply(arrays), Map.of());
        return file;
    }

    private static List<NamedArray> renamed(List<NamedArray> arrays, String prefix) {
        return new ArrayList<>(arrays.stream()
                .map(array -> new NamedArray(prefix + array.name(), array.format(), array.shape(), array.data()))
                .toList());
    }

    private static NamedArray named(String name, float... values) {
        return NamedArray.of(name, new long[] {values.length}, values);
    }

    private static void assertPlain(String program, Path checkpoint) {
        try (ClipModel model = ClipModel.load(checkpoint)) {
            assertArrayEquals(ClipVariant.of(program, "plain").logits(), ClipVariantsTest.logits(model), 1e-5f);
        }
    }

    private static void assertRefused(String message, Path checkpoint) {
        assertEquals(
                message,
                assertThrows(BadFile.class, () -> ClipModel.load(checkpoint)).getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"module.", "model.", "state_dict.", "state_dict.module.", "clip."})
    void aPrefixIsTakenOff(String prefix) throws IOException {
        for (String program : List.of("open_clip", "transformers")) {
            Path file = checkpoint(program, arrays -> {
                List<NamedArray> all = renamed(arrays, prefix);
                all.add(named("optimizer.state.0.exp_avg", 1, 2));
                return all;
            });
            assertPlain(program, file);
        }
    }

    @Test
    void otherTensorsBesideAWrappedModelAreRefused() throws IOException {
        Path head = checkpoint("open_clip", arrays -> {
            List<NamedArray> all = renamed(arrays, "model.");
            all.add(named("optimal.weight", 1, 2));
            all.add(named("loss", 1));
            return all;
        });
        assertRefused(
                head + ": holds optimal.weight beside the model at 'model.'; save the model in its own file", head);
        Path two = checkpoint("open_clip", arrays -> {
            List<NamedArray> all = renamed(arrays, "ema.");
            all.addAll(renamed(arrays, "state_dict."));
            return all;
        });
        assertRefused(two + ": holds 2 models, 'ema.', 'state_dict.'; save the intended one in its own file", two);
    }

    @Test
    void scalarsAndPositionsMayBeStoredOtherwise() throws IOException {
        assertPlain("open_clip", checkpoint("open_clip", arrays -> {
            arrays.removeIf(array -> array.name().equals("logit_scale"));
            arrays.add(SCALAR);
            return arrays;
        }));
        assertPlain("transformers", checkpoint("transformers", arrays -> {
            arrays.add(named("text_model.embeddings.position_ids", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11));
            arrays.add(named("vision_model.embeddings.position_ids", 0, 1, 2, 3, 4));
            return arrays;
        }));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            version https://git-lfs.github.com/spec/v1 | a pointer of Git LFS, not the file it points to; run git lfs pull
            <!DOCTYPE html> | a web page, not a checkpoint; fetch the file again
            \\200\\002\\212\\nl\\374\\234F\\371 j\\250P\\031. | written in the format of torch before 1.6, which is not supported; load it in Python and save it with today's torch.save or as safetensors
            """)
    void aFileOfAnotherFormatIsNamed(String start, String message) throws IOException {
        byte[] bytes = start.translateEscapes().getBytes(StandardCharsets.ISO_8859_1);
        Path file = Files.write(folder.resolve("clip.pt"), bytes);
        assertRefused(file + ": " + message, file);
    }

    @Test
    void theConfigurationOfAnotherProgramIsNotTheModels() throws IOException {
        Path file = checkpoint("open_clip", arrays -> arrays);
        Files.writeString(folder.resolve("config.json"), "{\"architecture\": \"vit_tiny_clip\", \"num_classes\": 64}");
        Safetensors.write(
                folder.resolve("model.safetensors"), List.of(named("patch_embed.proj.weight", 1, 2)), Map.of());
        assertPlain("open_clip", folder);
        assertPlain("open_clip", file);
    }

    @Test
    void aFileWithoutConfigurationIsTakenForOpenAis() throws IOException {
        Path file = folder.resolve("bare.safetensors");
        ClipVariant variant = ClipVariant.of("open_clip", "default heads");
        Files.move(variant.write(folder), file);
        Path config = folder.resolve("open_clip_config.json");
        Files.move(config, folder.resolve("elsewhere.json"));
        try (ClipModel bare = ClipModel.load(file);
                ClipModel gelu = ClipModel.load(file, TorchDevice.CPU, Optional.of(Activation.GELU))) {
            assertEquals(Activation.QUICK_GELU, bare.architecture().vision().activation());
            assertEquals(2, bare.architecture().vision().heads());
            assertEquals(1, gelu.architecture().text().heads());
            assertEquals(Activation.GELU, gelu.architecture().text().activation());
            assertEquals(
                    ImageTransform.openAi(16).toString(), gelu.imageTransform().toString());
        }
        Files.move(folder.resolve("elsewhere.json"), config);
        assertEquals(
                file + ": its configuration says gelu but model.activation is quick-gelu; leave that key out",
                assertThrows(
                                BadFile.class,
                                () -> ClipModel.load(file, TorchDevice.CPU, Optional.of(Activation.QUICK_GELU)))
                        .getMessage());
        try (ClipModel configured = ClipModel.load(file)) {
            assertArrayEquals(variant.logits(), ClipVariantsTest.logits(configured), 1e-5f);
        }
    }

    @Test
    void anAdapterBesideTheModelIsRefused() throws IOException {
        checkpoint("transformers", arrays -> arrays);
        Path adapter = Files.writeString(folder.resolve("adapter_config.json"), "{\"peft_type\": \"LORA\"}");
        assertRefused(
                adapter
                        + ": lies beside a model, so transformers would add that adapter to it; put one of them elsewhere",
                folder);
    }

    @Test
    void aWideFileWithoutConfigurationIsRefused() throws IOException {
        Path file = folder.resolve("ViT-H-14.safetensors");
        ClipArchitecture shapes = ClipArchitecture.of(
                        TowerArchitecture.openAi(1280, 1), TowerArchitecture.openAi(64, 1))
                .imageSize(16)
                .patchSize(8)
                .embedding(32)
                .contextLength(12)
                .vocabulary(64)
                .build();
        FreshClip.write(file, shapes, 1);
        assertRefused(
                file
                        + ": has no configuration, and its width of 1280 is beyond that of OpenAI's models, so heads may have"
                        + " any width; give the folder with config.json or open_clip_config.json",
                file);
    }

    @Test
    void headsOfAFileWithoutConfigurationAre64Wide() throws IOException {
        Path file = checkpoint("open_clip", arrays -> arrays);
        Files.delete(folder.resolve("open_clip_config.json"));
        assertRefused(
                file + ": has no configuration, and its widths 96 and 64 are not multiples of 64, the width of a head;"
                        + " give the folder with config.json or open_clip_config.json",
                file);
    }
}
