package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.testing.MainsLocale;
import org.keeplora.testing.Refused;

/** Names in files that would lead out of their folder, and the files that contain such names. */
@ExtendWith(MainsLocale.class)
final class HostileNamesTest {
    private static final String AGAIN = "; fetch the index and its files again";
    private static final String EMPTY = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"..", "../x", "a/../../x", "a/../b", "/x", "", ".", " ", "a\0b", "a/..", "//x"})
    void namesThatLeadOut(String name) {
        assertEquals(Optional.empty(), InnerPath.of(folder, name));
    }

    @ParameterizedTest
    @CsvSource({"x,x", "a/b,a/b", "./a,./a", "...,...", "..a,..a", "a/..b,a/..b"})
    void namesThatStayInside(String name, String inner) {
        assertEquals(Optional.of(folder.resolve(inner)), InnerPath.of(folder, name));
    }

    /** The user may create links: an entry below the folder may be a link to anywhere. */
    @Test
    void linksBelowTheFolderAreFollowed(@TempDir Path elsewhere) throws IOException {
        Safetensors.write(
                elsewhere.resolve("s"), List.of(NamedArray.of("w", new long[] {1}, new float[] {3})), Map.of());
        Files.createSymbolicLink(folder.resolve("s"), elsewhere.resolve("s"));
        Path index = Files.writeString(folder.resolve("i"), "{\"weight_map\":{\"w\":\"s\"}}");
        assertEquals(3, ShardedArrays.open(index).get("w").toFloats()[0]);
    }

    static Stream<Arguments> indices() {
        return Stream.of(
                Arguments.of("", "not a JSON object"),
                Arguments.of(
                        "{",
                        "not valid JSON at line 1, column 2 (Unexpected end-of-input: expected close marker for Object)"),
                Arguments.of("[]", "not a JSON object"),
                Arguments.of("{}", "has no weight_map of array names to files"),
                Arguments.of("{\"weight_map\":[]}", "has no weight_map of array names to files"),
                Arguments.of("{\"weight_map\":{}}", "has no weight_map of array names to files"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":\"s\",\"w\":\"t\"}}",
                        "not valid JSON at line 1, column 27 (Duplicate field 'w')"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":\"s\"}} x",
                        "not valid JSON at line 1, column 26 (Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false'))"),
                Arguments.of(
                        "[".repeat(100),
                        "not valid JSON (Document nesting depth (65) exceeds the maximum allowed (64))"),
                Arguments.of(
                        "{\"a\":" + "9".repeat(2000) + "}",
                        "not valid JSON (Number value length (2000) exceeds the maximum allowed (1000))"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":\"../s\"}}",
                        "weight_map: '../s' is not the name of a file beside the index"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":\"..\"}}",
                        "weight_map: '..' is not the name of a file beside the index"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":\"/etc/passwd\"}}",
                        "weight_map: '/etc/passwd' is not the name of a file beside the index"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":\"a/s\"}}",
                        "weight_map: 'a/s' is not the name of a file beside the index"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":\"\"}}", "weight_map: '' is not the name of a file beside the index"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":{}}}", "weight_map: '' is not the name of a file beside the index"),
                Arguments.of(
                        "{\"weight_map\":{\"w\":\"a\\u0000b\\n\"}}",
                        "weight_map: 'a\\u0000b\\u000a' is not the name of a file beside the index"));
    }

    @ParameterizedTest
    @MethodSource("indices")
    void indexIsRefused(String json, String message) throws IOException {
        Path index = Files.writeString(folder.resolve("i"), json);
        Refused.with(BadFile.class, folder, "#/i: " + message + AGAIN, () -> ShardedArrays.open(index));
    }

    @Test
    void otherIndexProblems() throws IOException {
        Path index = Files.writeString(folder.resolve("i"), "{\"weight_map\":{\"w\":\"none\"}}");
        Refused.with(
                BadFile.class,
                folder,
                "#/none: no such file; give a checkpoint file or the folder of one",
                () -> ShardedArrays.open(index));
        Refused.with(
                BadFile.class,
                folder,
                "#/gone: no such file" + AGAIN,
                () -> ShardedArrays.open(folder.resolve("gone")));
        try (var file = new java.io.RandomAccessFile(folder.resolve("large").toFile(), "rw")) {
            file.setLength(1L << 40);
        }
        Refused.with(
                BadFile.class,
                folder,
                "#/large: has 1099511627776 bytes, but such a file has at most 16777216; is it the right one?",
                () -> ShardedArrays.open(folder.resolve("large")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            %s  ../b | #/SHA256SUMS: '../b' lies outside of the folder
            %s  /etc/passwd | #/SHA256SUMS: '/etc/passwd' lies outside of the folder
            %s  b/../../b | #/SHA256SUMS: 'b/../../b' lies outside of the folder
            %s  c | #/c: listed in SHA256SUMS but missing, or listed twice
            %s b | #/SHA256SUMS: line '%s b' is not '<sha256>  <path>'
            00  b | #/b: changed since it was written: its SHA-256 is not the one in SHA256SUMS
            %s  b\\n%s  b | #/b: listed in SHA256SUMS but missing, or listed twice
            \\n | #/SHA256SUMS: line '' is not '<sha256>  <path>'
            """)
    void checksumsAreRefused(String lines, String message) throws IOException {
        Files.write(folder.resolve("b"), new byte[0]);
        Files.writeString(
                folder.resolve("SHA256SUMS"), lines.replace("%s", EMPTY).replace("\\n", "\n"));
        Refused.with(
                BadFile.class,
                folder,
                message.replace("%s", EMPTY) + "; copy or make the folder again",
                () -> RunDirectory.verify(folder));
    }

    @Test
    void aNameOfNoFileIsRefusedAsOutside() throws IOException {
        Files.writeString(folder.resolve("SHA256SUMS"), EMPTY + "  a\0b\n");
        Refused.with(
                BadFile.class,
                folder,
                "#/SHA256SUMS: 'a\\u0000b' lies outside of the folder; copy or make the folder again",
                () -> RunDirectory.verify(folder));
    }

    @Test
    void messagesStayOneShortLine() {
        BadFile bad = new BadFile(Path.of("a\nb"), "x".repeat(5000) + "\r\u2028\u0007; what to do");
        assertEquals(1, bad.getMessage().lines().count());
        assertEquals("a\\u000ab: xxx", bad.getMessage().substring(0, 13));
        assertEquals(927, bad.getMessage().length());
        assertEquals("x\\u000d\\u2028\\u0007; what to do", bad.getMessage().substring(896));
    }
}
