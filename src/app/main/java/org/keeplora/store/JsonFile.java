package org.keeplora.store;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Settings and lists in JSON that are small enough to be read as a whole tree. */
public final class JsonFile {
    /**
     * Limit for a file. The largest known, a list of 75,750 images, has 2 MB. The tree may take 25 times the file's
     * size in memory.
     */
    public static final int MOST_BYTES = 16 << 20;

    private static final int MOST_LEVELS = 64;

    /** Refuses files nested deeper than any known file, and duplicate keys. */
    static final JsonFactory STRICT = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(MOST_LEVELS).build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final ObjectMapper TREES = JsonMapper.builder(STRICT)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private static final Pattern OF_THE_LIBRARY = Pattern.compile(
            " \\((?:start marker at|bound as) .*|, from `StreamReadConstraints[^`]*`|: enable `JsonReadFeature.*");

    private JsonFile() {}

    /**
     * The object that {@code file} holds.
     *
     * @param advice what to do about a bad file
     * @throws BadFile when the file is absent, longer than 16 MiB, nested deeper than 64 levels, has a duplicate key,
     *     or is not a JSON object
     */
    public static ObjectNode object(Path file, String advice) {
        try {
            return object(file, WholeFile.bytes(file, MOST_BYTES), advice);
        } catch (NoSuchFileException e) {
            throw new BadFile(file, "no such file; " + advice, e);
        } catch (IOException e) {
            throw new BadFile(file, "cannot be read (" + e + "); " + advice, e);
        }
    }

    /** As {@link #object(Path, String)}, for {@code content} that was already read from {@code file}. */
    public static ObjectNode object(Path file, byte[] content, String advice) {
        try {
            if (TREES.readTree(content) instanceof ObjectNode object) {
                return object;
            }
            throw new BadFile(file, "not a JSON object; " + advice);
        } catch (JsonProcessingException e) {
            throw new BadFile(file, "not valid JSON" + place(e) + " (" + reason(e) + "); " + advice, e);
        } catch (IOException e) { // cannot happen: the bytes are in memory
            throw new UncheckedIOException(e);
        }
    }

    private static String place(JsonProcessingException e) {
        return e.getLocation() == null
                ? ""
                : " at line " + e.getLocation().getLineNr() + ", column "
                        + e.getLocation().getColumnNr();
    }

    /** Jackson's message about a file of any format, on one line. */
    public static String reason(JsonProcessingException e) {
        return cleaned(e.getOriginalMessage().lines().findFirst().orElse(""));
    }

    /** Jackson's {@code message} without its references to Jackson itself. */
    public static String cleaned(String message) {
        return OF_THE_LIBRARY.matcher(message).replaceAll("");
    }
}
