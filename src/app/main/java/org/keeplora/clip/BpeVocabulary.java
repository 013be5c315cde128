package org.keeplora.clip;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.keeplora.store.BadFile;
import org.keeplora.store.WholeFile;

/**
 * OpenAI's {@code bpe_simple_vocab_16e6.txt.gz} as a Hugging Face {@code tokenizer.json}.
 *
 * <p>Ids in order: the 256 bytes, the 256 bytes at the end of a word, the first 48,894 merges of the file, start and
 * end of text. Normalisation and word pattern are those of Hugging Face's CLIP tokenizer ({@code clip-tokenizer.json}).
 */
final class BpeVocabulary {
    private static final int SIZE = 49_408;
    private static final int BYTES = 256;
    private static final List<String> SPECIAL = List.of("<|startoftext|>", "<|endoftext|>");
    private static final int MERGES = SIZE - 2 * BYTES - SPECIAL.size();
    /** Limit for the unpacked file; OpenAI's has 3 MB. */
    private static final int MOST_BYTES = 16 << 20;

    private static final String WORD_END = "</w>";

    private BpeVocabulary() {}

    /** @throws BadFile when {@code file} is not gzip text with enough merges */
    static byte[] tokenizerJson(Path file) throws IOException {
        List<String> merges = merges(file);
        ObjectMapper json = new ObjectMapper();
        try (InputStream template = BpeVocabulary.class.getResourceAsStream("clip-tokenizer.json")) {
            ObjectNode root = (ObjectNode) json.readTree(template);
            ObjectNode model = (ObjectNode) root.get("model");
            ObjectNode vocabulary = (ObjectNode) model.get("vocab");
            tokens(merges).forEach(token -> vocabulary.put(token, vocabulary.size()));
            if (vocabulary.size() != SIZE) {
                throw new BadFile(file, "its merges make a duplicate token: not CLIP's vocabulary; fetch it again");
            }
            merges.forEach(((ArrayNode) model.get("merges"))::add);
            return json.writeValueAsBytes(root);
        }
    }

    private static List<String> merges(Path file) throws IOException {
        byte[] text;
        try (InputStream zipped = Files.newInputStream(file);
                InputStream in = new GZIPInputStream(zipped)) {
            text = WholeFile.rest(file, in, MOST_BYTES);
        } catch (ZipException | EOFException e) {
            throw new BadFile(
                    file,
                    "not complete gzip text (" + (e.getMessage() == null ? "cut short" : e.getMessage())
                            + "); fetch it again",
                    e);
        }
        List<String> merges = new String(text, StandardCharsets.UTF_8)
                .lines()
                .skip(1) // the first line names the format
                .limit(MERGES)
                .toList();
        if (merges.size() < MERGES) {
            throw new BadFile(
                    file,
                    "holds " + merges.size() + " merges but CLIP's vocabulary needs " + MERGES + "; fetch it again");
        }
        for (int i = 0; i < MERGES; i++) {
            if (!merges.get(i).matches("\\S+ \\S+")) {
                throw new BadFile(
                        file, "line " + (i + 2) + " '" + merges.get(i) + "' is not two symbols; fetch it again");
            }
        }
        return merges;
    }

    private static List<String> tokens(List<String> merges) {
        List<String> tokens = new ArrayList<>(byteSymbols());
        tokens.addAll(byteSymbols().stream().map(symbol -> symbol + WORD_END).toList());
        merges.forEach(merge -> tokens.add(merge.replace(" ", "")));
        tokens.addAll(SPECIAL);
        return tokens;
    }

    /**
     * A printable character for each byte: the byte's own if printable, else the next one from 256 on (GPT-2's table).
     */
    private static List<String> byteSymbols() {
        List<String> symbols = new ArrayList<>();
        IntStream.range(0, BYTES).filter(BpeVocabulary::isPrintable).forEach(b -> symbols.add(Character.toString(b)));
        int others = BYTES - symbols.size();
        IntStream.range(0, others).forEach(i -> symbols.add(Character.toString(BYTES + i)));
        return symbols;
    }

    private static boolean isPrintable(int latin1) {
        final int softHyphen = 0xAD;
        return (latin1 >= '!' && latin1 <= '~') || (latin1 >= 0xA1 && latin1 != softHyphen);
    }
}
