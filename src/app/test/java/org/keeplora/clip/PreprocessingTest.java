package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.data.ImageFile;
import org.keeplora.data.RgbImage;
import org.keeplora.store.BadFile;
import org.keeplora.store.Safetensors;
import org.keeplora.store.UserError;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Tensors;

/** Tokens and pixels against the authors' tokenizer and transform. */
@Tag("shared")
final class PreprocessingTest {
    /** The project's parity bounds, in steps of one of 255 grey levels before normalising. */
    private static final double LARGEST_STEP = 2;

    private static final double MEAN_STEP = 0.02;
    private static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    @ParameterizedTest
    @ValueSource(strings = {"clip/small/tokenizer.json", "clip/bpe_simple_vocab_16e6.txt.gz"})
    void tokensAreTheOfficialOnes(String vocabulary) throws IOException {
        JsonNode rows =
                new ObjectMapper().readTree(Shared.file("golden/tokens.json").toFile());
        assertTrue(rows.size() > 100);
        try (Tokenizer tokenizer = Tokenizer.open(Shared.file(vocabulary))) {
            for (JsonNode row : rows) {
                long[] expected = new long[row.get("ids").size()];
                for (int i = 0; i < expected.length; i++) {
                    expected[i] = row.get("ids").get(i).asLong();
                }
                String text = row.get("text").asText();
                assertArrayEquals(expected, tokenizer.ids(text), text);
            }
        }
    }

    @Test
    void aFileThatIsNotAVocabularyIsNamed() {
        Path image = Shared.file("golden/preprocess.safetensors");
        String message =
                assertThrows(BadFile.class, () -> Tokenizer.open(image)).getMessage();
        assertTrue(message.startsWith(image + ": not valid JSON at line 1, column 1 (Unexpected character "), message);
        assertTrue(
                message.endsWith("; not a tokenizer.json, give CLIP's tokenizer.json or bpe_simple_vocab_16e6.txt.gz"),
                message);
    }

    @Test
    void promptsAreCutAfterTheLongestAndTooLongOnesAreNamed() {
        try (Tokenizer tokenizer = Tokenizer.open(Shared.file("clip/small/tokenizer.json"));
                PointerScope scope = new PointerScope()) {
            List<String> texts = List.of("a dog", "a photo of a cat.");
            TokenBatch cut = tokenizer.encode(texts, 77, TextLength.LONGEST);
            TokenBatch full = tokenizer.encode(texts, 77, TextLength.CONTEXT);
            assertArrayEquals(new int[] {3, 7}, cut.endOfText());
            assertEquals(8, cut.ids().size(1));
            assertEquals(77, full.ids().size(1));
            assertEquals(49407, cut.ids().data_ptr_long().get(3));
            assertEquals(0, cut.ids().data_ptr_long().get(4));
            cut.close();
            full.close();
            String message = assertThrows(UserError.class, () -> tokenizer.encode(texts, 7, TextLength.LONGEST))
                    .getMessage();
            assertTrue(message.contains("'a photo of a cat.'") && message.contains("8 tokens"), message);
        }
    }

    @Test
    void pixelsAreTheOfficialOnes() throws IOException {
        Safetensors golden = Safetensors.open(Shared.file("golden/preprocess.safetensors"));
        Path root = MiniMtil.root();
        for (String name : golden.names()) {
            int size = Integer.parseInt(name.substring(0, name.indexOf('/')));
            String id = name.substring(name.indexOf('/') + 1);
            RgbImage image = new ImageFile(root.resolve(id), id).read();
            float[] expected = golden.get(name).toFloats();
            float[] actual;
            try (PointerScope scope = new PointerScope()) {
                ImageTransform transform = ImageTransform.openAi(size);
                actual = Tensors.floats(
                        transform.normalize(transform.resizeAndCrop(image).unsqueeze(0)));
            }
            assertEquals(expected.length, actual.length);
            double largest = 0;
            double sum = 0;
            for (int i = 0; i < expected.length; i++) {
                double step = 255 * DEVIATION[i / (size * size)] * Math.abs(expected[i] - actual[i]);
                largest = Math.max(largest, step);
                sum += step;
            }
            String seen = name + ": largest " + largest + ", mean " + sum / expected.length;
            assertTrue(largest <= LARGEST_STEP + 1e-3 && sum / expected.length < MEAN_STEP, seen);
        }
    }
}
