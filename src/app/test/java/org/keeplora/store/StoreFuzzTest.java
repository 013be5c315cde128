package org.keeplora.store;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.testing.Fuzzed;

/** The parsers of store under arbitrary input; {@code src/app/test/fuzz.sh} fuzzes, the build runs the seeds. */
final class StoreFuzzTest {
    /** The bytes of a text in Latin-1. */
    private static byte[] latin(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static Stream<byte[]> headers() {
        return Stream.of(
                latin(
                        "{\"__metadata__\":{\"k\":\"v\"},\"a\":{\"dtype\":\"F32\",\"shape\":[1,2],\"data_offsets\":[0,8]},"
                                + "\"b\":{\"dtype\":\"BOOL\",\"shape\":[],\"data_offsets\":[8,9]}}"),
                latin("{\"\\ud800\":{\"dtype\":\"I64\",\"shape\":[0],\"data_offsets\":[0,0]}}"),
                latin("{\"a\":{\"dtype\":\"U8\",\"shape\":[9223372036854775807,2],\"data_offsets\":[0,9]}}"));
    }

    @MethodSource("headers")
    @FuzzTest
    void safetensorsHeader(byte[] json) throws Throwable {
        byte[] padded = json.length < 2 ? new byte[2] : json;
        Fuzzed.readOrRefused(() -> SafetensorsHeader.parse(Path.of("a"), padded, 9), BadFile.class);
    }

    static Stream<byte[]> files() {
        return headers().map(json -> ByteBuffer.allocate(8 + json.length + 9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(json.length)
                .put(json)
                .array());
    }

    @MethodSource("files")
    @FuzzTest
    void safetensorsFile(byte[] content) throws Throwable {
        Path file = Fuzzed.file("a.safetensors", content);
        Fuzzed.readOrRefused(
                () -> {
                    Safetensors read = Safetensors.open(file);
                    read.names().forEach(name -> read.get(name).littleEndian());
                },
                BadFile.class);
    }

    static Stream<byte[]> indices() {
        return Stream.of(
                latin("{\"metadata\":{},\"weight_map\":{\"a\":\"one.safetensors\"}}"),
                latin("{\"weight_map\":{\"a\":\"../one.safetensors\"}}"));
    }

    @MethodSource("indices")
    @FuzzTest
    void shardedIndex(byte[] content) throws Throwable {
        Fuzzed.file("one.safetensors", files().findFirst().orElseThrow());
        Path file = Fuzzed.file("a.index.json", content);
        Fuzzed.readOrRefused(() -> ShardedArrays.open(file).names().size(), BadFile.class);
    }

    static Stream<byte[]> pickles() {
        return Stream.of(
                latin("\u0080\u0002}(U\u0001a](K\u0001M\u002c\u0001J\u00fe\u00ff\u00ff\u00ffeU\u0001b\u0088u."),
                latin("\u0080\u0002ctorch._utils\n_rebuild_tensor_v2\n(U\u0001x)tRq\u0000}b."),
                latin("]q\u0000h\u0000ah\u0000a."),
                latin("NN\u0093."),
                latin(")Na."),
                latin("\u008a\u0009" + "\u007f".repeat(9) + "."),
                latin("("));
    }

    @MethodSource("pickles")
    @FuzzTest
    void pickle(byte[] content) throws Throwable {
        Fuzzed.readOrRefused(
                () -> Pickle.read(
                        Path.of("a"), content, global -> global.module().startsWith("torch")),
                BadFile.class);
    }

    static Stream<byte[]> archives() {
        return Stream.of(
                TorchFile.of(TorchFile.tensor("2", "1")).bytes(),
                TorchFile.of(TorchFile.tensor("2", "1")).deflated().bytes(),
                TorchFile.commented(TorchFile.of("}.").bytes()),
                TorchFile.illegible());
    }

    @MethodSource("archives")
    @FuzzTest
    void torchArchive(byte[] content) throws Throwable {
        Path file = Fuzzed.file("a.pt", content);
        Fuzzed.readOrRefused(
                () -> {
                    TorchArchive read = TorchArchive.open(file);
                    read.names().forEach(name -> read.get(name).littleEndian());
                },
                BadFile.class);
    }

    /** Pickles inside an archive; without this, the archive's checksums would keep a fuzzer out. */
    static Stream<byte[]> attributes() {
        return Stream.of(latin(TorchFile.tensor("2", "1")), latin("}q\u0000U\u0001ah\u0000s."));
    }

    @MethodSource("attributes")
    @FuzzTest
    void torchAttributes(byte[] pickle) throws Throwable {
        torchArchive(
                TorchFile.of(new String(pickle, StandardCharsets.ISO_8859_1)).bytes());
    }

    static Stream<byte[]> sums() {
        String empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        return Stream.of(latin(empty + "  b\n"), latin(empty + "  ../b\n"), latin(empty + "  \u0000\n"));
    }

    @MethodSource("sums")
    @FuzzTest
    void checksums(byte[] content) throws Throwable {
        Path folder = Fuzzed.file("sums-marker", new byte[0]).resolveSibling("sums");
        Files.createDirectories(folder);
        Files.write(folder.resolve("b"), new byte[0]);
        Files.write(folder.resolve(Checksums.FILE_NAME), content);
        Fuzzed.readOrRefused(() -> RunDirectory.verify(folder), BadFile.class);
    }
}
