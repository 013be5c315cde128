package org.keeplora.clip;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.commons.text.StringEscapeUtils;
import org.keeplora.store.BadFile;
import org.keeplora.store.JsonFile;
import org.keeplora.store.WholeFile;

/**
 * CLIP's byte-pair tokenizer, computed by the Hugging Face tokenizers library.
 *
 * <p>HTML entities are decoded twice before, as the official preprocessing does; its repair of wrongly decoded text is not
 * reproduced. The library is told to stay offline.
 */
public final class Tokenizer implements AutoCloseable {
    private static final String ADVICE = "give CLIP's tokenizer.json or bpe_simple_vocab_16e6.txt.gz";
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final Map<String, String> OPTIONS =
            Map.of("addSpecialTokens", "true", "padding", "false", "truncation", "false");

    private final HuggingFaceTokenizer library;
    private final byte[] json;

    private Tokenizer(HuggingFaceTokenizer library, byte[] json) {
        this.library = library;
        this.json = json;
    }

    /**
     * Opens CLIP's vocabulary: a Hugging Face {@code tokenizer.json} or OpenAI's {@code bpe_simple_vocab_16e6.txt.gz}; the content
     * decides which.
     *
     * @throws BadFile when the file is missing or neither
     * @throws IllegalArgumentException when the library cannot be unpacked or loaded
     */
    public static Tokenizer open(Path file) {
        if (!Files.isRegularFile(file)) {
            throw new BadFile(file, "no such file; " + ADVICE);
        }
        TokenizerLibrary.load();
        try {
            byte[] content = WholeFile.bytes(file, JsonFile.MOST_BYTES);
            boolean zipped = content.length > 2 && Arrays.equals(content, 0, 2, GZIP, 0, 2);
            byte[] json = zipped ? BpeVocabulary.tokenizerJson(file) : content;
            if (!zipped
                    && !JsonFile.object(file, "not a tokenizer.json, " + ADVICE)
                            .path("model")
                            .isObject()) {
                throw new BadFile(file, "not a tokenizer.json (it names no model); " + ADVICE);
            }
            return new Tokenizer(HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS), json);
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; check its permissions", e);
        } catch (BadFile e) {
            throw e;
        } catch (RuntimeException e) { // the library has no type of its own for a file that it cannot use
            throw new BadFile(file, "not a tokenizer.json (" + e.getMessage() + "); " + ADVICE);
        }
    }

    /** Writes the vocabulary as a {@code tokenizer.json}. */
    public void save(Path file) throws IOException {
        Files.write(file, json);
    }

    /** Token ids of one text, from start-of-text to end-of-text. */
    public long[] ids(String text) {
        return library.encode(unescaped(text)).getIds();
    }

    private static String unescaped(String text) {
        return StringEscapeUtils.unescapeHtml4(StringEscapeUtils.unescapeHtml4(text));
    }

    /**
     * Prompts of at most {@code contextLength} tokens, start and end included; the caller closes the batch.
     *
     * @throws IllegalArgumentException naming a longer text
     */
    public TokenBatch encode(List<String> texts, int contextLength, TextLength length) {
        Encoding[] encodings =
                library.batchEncode(texts.stream().map(Tokenizer::unescaped).toList());
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
        library.close();
    }
}
