package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Test;
import org.keeplora.MiniMtil;
import org.keeplora.Shared;
import org.keeplora.data.ImageSource;
import org.keeplora.data.RgbImage;
import org.keeplora.store.Safetensors;

/** Tokens and pixels against the authors' tokenizer and transform. */
final class PreprocessingTest {
    /** Bounds set for parity, in steps of one of 255 grey levels before normalising. */
    private static final double LARGEST_STEP = 2;

    private static final double MEAN_STEP = 0.02;
    private static final float[] DEVIATION = {0.26862954f, 0.26130258f, 0.27577711f};

    @Test
    void tokensAreTheOfficialOnes() throws IOException {
        List<String> different = new ArrayList<>();
        JsonNode rows =
                new ObjectMapper().readTree(Shared.file("golden/tokens.json").toFile());
        try (Tokenizer tokenizer = Tokenizer.open(Shared.file("clip/small/tokenizer.json"))) {
            for (JsonNode row : rows) {
                List<Long> expected = new ArrayList<>();
                row.get("ids").forEach(id -> expected.add(id.asLong()));
                List<Long> actual = new ArrayList<>();
                for (long id : tokenizer.ids(row.get("text").asText())) {
                    actual.add(id);
                }
                if (!expected.equals(actual)) {
                    different.add(row.get("text").asText());
                }
            }
        }
        assertTrue(different.stream().allMatch(text -> text.contains("&")), different.toString());
        assertTrue(different.size() <= 1, different.toString());
        assertTrue(rows.size() > 100);
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
            String message = assertThrows(
                            IllegalArgumentException.class, () -> tokenizer.encode(texts, 7, TextLength.LONGEST))
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
            RgbImage image = ImageSource.file(root, name.substring(name.indexOf('/') + 1))
                    .read();
            float[] expected = golden.get(name).floats();
            float[] actual;
            try (PointerScope scope = new PointerScope()) {
                actual = Tensors.floats(ImageTransform.normalize(
                        new ImageTransform(size).resizeAndCrop(image).unsqueeze(0)));
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
