package org.keeplora.clip;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * CLIP's byte-pair tokenizer, from a Hugging Face {@code tokenizer.json}.
 *
 * <p>Agrees with the authors' tokenizer except for text with HTML entities, which that one decodes first.
 */
public final class Tokenizer implements AutoCloseable {
    private static final Map<String, String> OPTIONS =
            Map.of("addSpecialTokens", "true", "padding", "false", "truncation", "false");

    private final HuggingFaceTokenizer tokenizer;

    private Tokenizer(HuggingFaceTokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /**
     * Opens a {@code tokenizer.json}.
     *
     * @throws IllegalArgumentException when the file is missing
     */
    public static Tokenizer open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new IllegalArgumentException(file + ": no such tokenizer file; give a Hugging Face tokenizer.json");
        }
        try {
            return new Tokenizer(HuggingFaceTokenizer.newInstance(file, OPTIONS));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read as a tokenizer.json", e);
        }
    }

    /** Token ids of one text, from start-of-text to end-of-text. */
    public long[] ids(String text) {
        return tokenizer.encode(text).getIds();
    }

    /**
     * Prompts of at most {@code contextLength} tokens, start and end included; the caller closes the batch.
     *
     * @throws IllegalArgumentException naming a longer text
     */
    public TokenBatch encode(List<String> texts, int contextLength, TextLength length) {
        Encoding[] encodings = tokenizer.batchEncode(texts);
        int[] ends = new int[encodings.length];
        int longest = 0;
        for (int i = 0; i < encodings.length; i++) {
            ends[i] = encodings[i].getIds().length - 1;
            longest = Math.max(longest, ends[i]);
            if (ends[i] >= contextLength) {
                throw new IllegalArgumentException(
                        "text of " + (ends[i] + 1) + " tokens is longer than the model's context of " + contextLength
                                + ": '" + texts.get(i) + "'; shorten the class name or the prompt");
            }
        }
        int positions = length == TextLength.LONGEST ? longest + 1 : contextLength;
        long[] ids = new long[encodings.length * positions];
        for (int i = 0; i < encodings.length; i++) {
            System.arraycopy(encodings[i].getIds(), 0, ids, i * positions, ends[i] + 1);
        }
        try (var flat = Tensors.ofLongs(ids)) {
            return new TokenBatch(Tensors.keep(flat.reshape(encodings.length, positions)), ends);
        }
    }

    @Override
    public void close() {
        tokenizer.close();
    }
}
