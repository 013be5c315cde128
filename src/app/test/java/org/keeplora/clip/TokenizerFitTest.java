package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.store.BadFile;
import org.keeplora.store.UserError;

/** A vocabulary of ten tokens: a full stop, six words, unknown, start and end. */
final class TokenizerFitTest {
    private static final int TOKENS = 10;

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = folder.resolve("vocabulary.json");
        List<String> words = List.of("a", "big", "cat", "dog", "o", "of");
        assertEquals(TOKENS, WordVocabulary.write(file, new TreeSet<>(words)));
    }

    private static ClipArchitecture model(int vocabulary, OptionalInt endOfText) {
        TowerArchitecture tower = TowerArchitecture.openAi(64, 1);
        return ClipArchitecture.of(tower, tower)
                .imageSize(32)
                .patchSize(8)
                .embedding(64)
                .contextLength(12)
                .vocabulary(vocabulary)
                .endOfText(endOfText)
                .build();
    }

    @ParameterizedTest
    @CsvSource({"10,", "10, 9", "16, 9"})
    void theModelsOwnFits(int vocabulary, Integer endOfText) {
        try (Tokenizer tokenizer = Tokenizer.open(file)) {
            OptionalInt end = endOfText == null ? OptionalInt.empty() : OptionalInt.of(endOfText);
            assertDoesNotThrow(() -> tokenizer.requireFits(model(vocabulary, end)));
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            9  |   | has 10 tokens but the model embeds 9; give the vocabulary of this model as model.tokenizer
            16 |   | has 10 tokens but the model embeds 16; give the vocabulary of this model as model.tokenizer
            10 | 8 | ends a text with token 9 but the model reads it at 8; give the vocabulary of this model as model.tokenizer
            """)
    void anotherModelsIsRefused(int vocabulary, Integer endOfText, String message) {
        try (Tokenizer tokenizer = Tokenizer.open(file)) {
            OptionalInt end = endOfText == null ? OptionalInt.empty() : OptionalInt.of(endOfText);
            assertEquals(
                    file + ": " + message,
                    assertThrows(BadFile.class, () -> tokenizer.requireFits(model(vocabulary, end)))
                            .getMessage());
        }
    }

    @Test
    void oneThatMarksNoEndsIsRefused() throws IOException {
        ObjectNode root = (ObjectNode) new ObjectMapper().readTree(file.toFile());
        root.putNull("post_processor");
        Files.writeString(file, root.toString());
        try (Tokenizer tokenizer = Tokenizer.open(file)) {
            assertEquals(
                    file + ": puts no start and end of text around a text;"
                            + " give CLIP's tokenizer.json or bpe_simple_vocab_16e6.txt.gz",
                    assertThrows(BadFile.class, () -> tokenizer.requireFits(model(TOKENS, OptionalInt.empty())))
                            .getMessage());
        }
    }

    @Test
    void classesWithOnePromptAreRefused() {
        try (Tokenizer tokenizer = Tokenizer.open(file)) {
            assertDoesNotThrow(
                    () -> tokenizer.requireDistinct("Pets", List.of("cat", "dog"), List.of("a cat", "a dog")));
            assertDoesNotThrow(
                    () -> tokenizer.requireDistinct("List", List.of("cat", "cat"), List.of("a cat", "a cat")));
            assertEquals(
                    "Pets: classes 'Cat' and 'cat' become the same tokens in 'a cat', so they cannot be distinguished; rename one, or join them",
                    assertThrows(
                                    UserError.class,
                                    () -> tokenizer.requireDistinct(
                                            "Pets", List.of("Cat", "dog", "cat"), List.of("a Cat", "a dog", "a cat")))
                            .getMessage());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            &apos;      | '
            &amp;apos;  | '
            &NewLine;   | a
            &notin;     | ∉
            """)
    void entitiesOfHtml5AreDecoded(String entity, String text) {
        try (Tokenizer tokenizer = Tokenizer.open(file)) {
            String plain = text.equals("a") ? "\n" : text;
            assertArrayEquals(tokenizer.ids("o" + plain + "cat"), tokenizer.ids("o" + entity + "cat"));
        }
    }

    @Test
    void savedFilesStateTheLongestText() throws IOException {
        try (Tokenizer tokenizer = Tokenizer.open(file)) {
            tokenizer.save(folder, 12);
        }
        JsonNode config = new ObjectMapper()
                .readTree(folder.resolve("tokenizer_config.json").toFile());
        assertEquals(12, config.get("model_max_length").asInt());
        assertEquals("<|endoftext|>", config.get("eos_token").asText());
        assertEquals(Files.readString(file), Files.readString(folder.resolve("tokenizer.json")));
    }
}
