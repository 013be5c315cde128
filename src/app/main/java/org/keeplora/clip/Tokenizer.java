package org.keeplora.clip;

import ai.djl.huggingface.tokenizers.Encoding;
import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jsoup.parser.Parser;
import org.keeplora.store.BadFile;
import org.keeplora.store.JsonFile;
import org.keeplora.store.UserError;
import org.keeplora.store.WholeFile;
import org.keeplora.torch.Tensors;

/**
 * CLIP's byte-pair tokenizer, computed by the Hugging Face tokenizers library.
 *
 * <p>HTML entities, including those of HTML 5, are decoded twice first, as in the official preprocessing; its repair of
 * wrongly decoded text is not reproduced. The library runs in offline mode.
 */
public final class Tokenizer implements AutoCloseable {
    private static final String ADVICE = "give CLIP's tokenizer.json or bpe_simple_vocab_16e6.txt.gz";
    private static final byte[] GZIP = {0x1f, (byte) 0x8b};
    private static final Map<String, String> OPTIONS =
            Map.of("addSpecialTokens", "true", "padding", "false", "truncation", "false");

    private final Path file;
    private final HuggingFaceTokenizer library;
    private final byte[] json;
    private final int size;

    private Tokenizer(Path file, HuggingFaceTokenizer library, byte[] json, int size) {
        this.file = file;
        this.library = library;
        this.json = json;
        this.size = size;
    }

    /**
     * Opens CLIP's vocabulary: a Hugging Face {@code tokenizer.json} or OpenAI's {@code bpe_simple_vocab_16e6.txt.gz};
     * the format is detected from the content.
     *
     * @throws BadFile when the file is missing or neither
     * @throws UserError when the library cannot be unpacked or loaded
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
            JsonNode root = JsonFile.object(file, json, "not a tokenizer.json, " + ADVICE);
            if (!root.path("model").isObject()) {
                throw new BadFile(file, "not a tokenizer.json (it names no model); " + ADVICE);
            }
            return new Tokenizer(
                    file, HuggingFaceTokenizer.newInstance(new ByteArrayInputStream(json), OPTIONS), json, size(root));
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read; check its permissions", e);
        } catch (BadFile e) {
            throw e;
        } catch (RuntimeException e) { // the library has no exception type of its own for an unusable file
            throw new BadFile(file, "not a tokenizer.json (" + e.getMessage() + "); " + ADVICE);
        }
    }

    /** The highest token plus one. */
    private static int size(JsonNode root) {
        int highest = -1;
        for (JsonNode id : root.path("model").path("vocab")) {
            highest = Math.max(highest, id.asInt(-1));
        }
        for (JsonNode added : root.path("added_tokens")) {
            highest = Math.max(highest, added.path("id").asInt(-1));
        }
        return highest + 1;
    }

    /**
     * Checks that this is the vocabulary of a model.
     *
     * @throws BadFile when it does not add start and end to a text, has tokens that the model does not embed, or ends a
     *     text with another token than the one the model reads
     */
    public void requireFits(ClipArchitecture model) {
        long[] empty = ids("");
        if (empty.length != 2 || empty[0] == empty[1]) {
            throw new BadFile(file, "puts no start and end of text around a text; " + ADVICE);
        }
        if (size > model.vocabulary()
                || size < model.vocabulary() && model.endOfText().isEmpty()) {
            throw new BadFile(
                    file,
                    "has " + size + " tokens but the model embeds " + model.vocabulary()
                            + "; give the vocabulary of this model as model.tokenizer");
        }
        if (empty[1] != model.endOfText().orElse(size - 1)) {
            throw new BadFile(
                    file,
                    "ends a text with token " + empty[1] + " but the model reads it at "
                            + model.endOfText().orElse(size - 1)
                            + "; give the vocabulary of this model as model.tokenizer");
        }
    }

    /**
     * Checks that classes of different names have different prompts. A published list may hold a name twice; that is
     * accepted, because its published accuracies include it.
     *
     * @param task for the message
     * @param prompts one for each of {@code classes}
     * @throws UserError naming two classes whose prompts have the same tokens
     */
    public void requireDistinct(String task, List<String> classes, List<String> prompts) {
        Map<String, Integer> seen = new HashMap<>();
        for (int i = 0; i < prompts.size(); i++) {
            Integer before = seen.put(Arrays.toString(ids(prompts.get(i))), i);
            if (before != null && !classes.get(before).equals(classes.get(i))) {
                throw new UserError(task + ": classes '" + classes.get(before) + "' and '"
                        + classes.get(i) + "' become the same tokens in '" + prompts.get(i)
                        + "', so they cannot be distinguished; rename one, or join them");
            }
        }
    }

    /**
     * Writes {@code tokenizer.json} and {@code tokenizer_config.json}, which gives transformers the maximum length of a
     * text.
     */
    public void save(Path folder, int contextLength) throws IOException {
        Files.write(folder.resolve("tokenizer.json"), json);
        String[] ends = library.encode("").getTokens();
        ObjectNode config = new ObjectMapper().createObjectNode();
        config.put("tokenizer_class", "PreTrainedTokenizerFast");
        config.put("model_max_length", contextLength);
        config.put("bos_token", ends[0]);
        config.put("eos_token", ends[1]);
        config.put("pad_token", ends[1]);
        Files.writeString(folder.resolve("tokenizer_config.json"), config.toPrettyString() + "\n");
    }

    /** Token ids of one text, from start-of-text to end-of-text. */
    public long[] ids(String text) {
        return library.encode(unescaped(text)).getIds();
    }

    private static String unescaped(String text) {
        return Parser.unescapeEntities(Parser.unescapeEntities(text, false), false);
    }

    /**
     * Prompts of at most {@code contextLength} tokens, start and end included; the caller closes the batch.
     *
     * @throws UserError naming a longer text
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
                throw new UserError("text of " + (ends[i] + 1) + " tokens is longer than the model's context of "
                        + contextLength + ": '" + texts.get(i) + "'; shorten the class name or the prompt");
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
