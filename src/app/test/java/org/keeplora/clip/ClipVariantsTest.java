package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.store.BadFile;
import org.keeplora.torch.Tensors;

/** Models whose configuration differs from OpenAI's give the logits and pixels of the programs that wrote them. */
final class ClipVariantsTest {
    private static final long[][] TOKENS = {{62, 5, 9, 63}, {62, 7, 63}, {62, 1, 2, 3, 4, 63}};
    private static final int CONTEXT = 12;
    /** The project's parity bound for logits. */
    private static final float LOGITS = 1e-5f;
    /** Two grey levels: the rounding of a resized pixel, as in {@link PreprocessingTest}. */
    private static final float GREY = 2.001f / 255;

    @TempDir
    private Path folder;

    static Stream<ClipVariant> variants() {
        return ClipVariant.all().stream();
    }

    static float[] logits(ClipModel model) {
        int side = model.architecture().imageSize();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            float[] values = ClipVariant.drawn("pixels", 2, 3, side, side);
            for (int i = 0; i < values.length; i++) {
                values[i] *= 30;
            }
            long[] ids = new long[TOKENS.length * CONTEXT];
            int[] ends = new int[TOKENS.length];
            for (int i = 0; i < TOKENS.length; i++) {
                System.arraycopy(TOKENS[i], 0, ids, i * CONTEXT, TOKENS[i].length);
                ends[i] = TOKENS[i].length - 1;
            }
            TokenBatch prompts = new TokenBatch(Tensors.ofLongs(ids).reshape(TOKENS.length, CONTEXT), ends);
            Tensor images = model.encodeImage(Tensors.ofFloats(values, 2, 3, side, side));
            return Tensors.floats(model.logits(images, model.encodeText(prompts)));
        }
    }

    @ParameterizedTest
    @MethodSource("variants")
    void logitsAndPixelsAreThoseOfTheProgram(ClipVariant variant) throws IOException {
        Path file = variant.write(folder);
        for (Path given : List.of(folder, file)) {
            try (ClipModel model = ClipModel.load(given);
                    PointerScope scope = new PointerScope()) {
                assertArrayEquals(variant.logits(), logits(model), LOGITS, given.toString());
                ImageTransform transform = model.imageTransform();
                float[] pixels = Tensors.floats(transform.normalize(
                        transform.resizeAndCrop(ClipVariant.image()).unsqueeze(0)));
                float[] samples = ClipVariant.sampled(pixels, transform.size());
                for (int i = 0; i < samples.length; i++) {
                    float deviation = transform.deviation()[i * 3 / samples.length];
                    assertEquals(variant.pixels()[i], samples[i], GREY / deviation, variant + ", pixel " + i);
                }
            }
        }
    }

    /** Everything read from a configuration is written again, so the saved model computes the same. */
    @ParameterizedTest
    @MethodSource("variants")
    void aSavedModelIsTheSameModel(ClipVariant variant) throws IOException {
        try (ClipModel model = ClipModel.load(variant.write(folder.resolve("given")))) {
            model.save(folder.resolve("saved"));
            try (ClipModel saved = ClipModel.load(folder.resolve("saved"))) {
                assertArrayEquals(logits(model), logits(saved));
                assertEquals(
                        model.imageTransform().toString(),
                        saved.imageTransform().toString());
            }
        }
    }

    @Test
    void aRatioThatIsMissingIsNotCalledNull() throws IOException {
        Path file = ClipVariant.of("open_clip", "mlp_ratio").write(folder).resolveSibling(OpenClipConfig.FILE);
        Files.writeString(file, Files.readString(file).replace(",\"mlp_ratio\":2.6", ""));
        assertEquals(
                file + ": model_cfg.vision_cfg.mlp_ratio is missing; the tensors have an MLP of width 249",
                assertThrows(BadFile.class, () -> ClipModel.load(folder)).getMessage());
    }

    /** If two variants of one program had equal logits, a key could be ignored without a test noticing. */
    @Test
    void everyVariantThatChangesTheNetworkHasLogitsOfItsOwn() {
        List<String> alike = List.of(
                "plain",
                "final_ln_after_pool",
                "mean and squash",
                "no preprocess_cfg",
                "eos_token_id 2",
                "config_dict alone",
                "no processor",
                "mean",
                "no do_normalize",
                "squash",
                "squash and crop",
                "larger and crop",
                "sizes as numbers",
                "processor_config.json",
                "processor_config.json of before 5");
        for (String program : List.of("open_clip", "transformers")) {
            List<ClipVariant> different = ClipVariant.all().stream()
                    .filter(one -> one.program().equals(program))
                    .filter(one -> one.name().equals("plain") || !alike.contains(one.name()))
                    .toList();
            for (int i = 0; i < different.size(); i++) {
                for (int j = 0; j < i; j++) {
                    float[] one = different.get(i).logits();
                    float[] other = different.get(j).logits();
                    double most = 0;
                    for (int k = 0; k < one.length; k++) {
                        most = Math.max(most, Math.abs(one[k] - other[k]));
                    }
                    assertTrue(most > 100 * LOGITS, different.get(i) + " is as " + different.get(j));
                }
            }
        }
    }
}
