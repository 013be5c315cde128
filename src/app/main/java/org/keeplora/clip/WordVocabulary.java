package org.keeplora.clip;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/**
 * Writes a vocabulary of whole words as a Hugging Face {@code tokenizer.json}, for a model whose captions use few
 * words. Each word or punctuation mark is one token; all unknown words share one token.
 *
 * <p>Ids in order: the full stop, the words, unknown, start and end of text. Id zero, which is also the padding, is
 * never a word.
 */
public final class WordVocabulary {
    private static final String FULL_STOP = ".";
    private static final String UNKNOWN = "<|unknown|>";
    private static final String START = "<|startoftext|>";
    private static final String END = "<|endoftext|>";

    private WordVocabulary() {}

    /**
     * Writes the vocabulary to {@code file}.
     *
     * @param words in lower case
     * @return the number of tokens
     */
    public static int write(Path file, SortedSet<String> words) throws IOException {
        List<String> tokens = new ArrayList<>(List.of(FULL_STOP));
        tokens.addAll(words);
        tokens.addAll(List.of(UNKNOWN, START, END));
        ObjectMapper json = new ObjectMapper();
        try (InputStream template = WordVocabulary.class.getResourceAsStream("word-tokenizer.json")) {
            ObjectNode root = (ObjectNode) json.readTree(template);
            ObjectNode vocabulary = (ObjectNode) root.get("model").get("vocab");
            tokens.forEach(token -> vocabulary.put(token, vocabulary.size()));
            ObjectNode ends = (ObjectNode) root.get("post_processor");
            special(ends.withArray("cls"), root, START, tokens.indexOf(START));
            special(ends.withArray("sep"), root, END, tokens.indexOf(END));
            Files.write(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(root));
        }
        return tokens.size();
    }

    private static void special(ArrayNode place, ObjectNode root, String token, int id) {
        place.add(token).add(id);
        root.withArray("added_tokens")
                .addObject()
                .put("id", id)
                .put("content", token)
                .put("single_word", false)
                .put("lstrip", false)
                .put("rstrip", false)
                .put("normalized", false)
                .put("special", true);
    }
}
