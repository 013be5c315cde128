package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.testing.Refused;

/** Damaged or hostile pickles and PyTorch archives. */
final class HostileArchiveTest {
    private static final String DAMAGED = "pickle damaged at offset %d; fetch the file again";

    @TempDir
    Path folder;

    static Stream<Arguments> pickles() {
        return Stream.of(
                damaged("a call of nothing", "NN\u0081.", 3),
                damaged("a global of no names", "NN\u0093.", 3),
                damaged("append to nothing", "NK\u0001a.", 4),
                damaged("append to a number", "K\u0001K\u0001a.", 5),
                damaged("a mark as the result", "(.", 2),
                damaged("a mark in a list", "](\u0085.", 3),
                damaged("a tuple without a mark", "K\u0001t.", 3),
                damaged("a list as a key", "}]K\u0001s.", 5),
                damaged("a dictionary as a key of itself", "}q\u0000h\u0000K\u0001s.", 8),
                damaged("a key without a value", "}(K\u0001u.", 5),
                damaged("an integer of 9 bytes", "\u008a\u0009" + "\u007f".repeat(9) + ".", 11),
                damaged("text of 2 GiB", "X\u00ff\u00ff\u00ff\u007fabc.", 5),
                damaged("text of -1 bytes", "T\u00ff\u00ff\u00ff\u00ffabc.", 5),
                damaged("no end", "K\u0001", 2),
                damaged("nothing", "", 0),
                Arguments.of(
                        "INST, which calls",
                        "(ios\nsystem\n.",
                        "pickle offset 1: opcode 0x69 is not supported; is it the right file?"),
                Arguments.of(
                        "a class that is not data",
                        "cbuiltins\neval\n.",
                        "pickle offset 15: refers to builtins.eval, which is not plain data; give another file"),
                Arguments.of(
                        "a name with a line break",
                        "\u008c\u0003o\nsN\u008c\u0001x\u0093.",
                        "pickle damaged at offset 10; fetch the file again"),
                Arguments.of(
                        "too much",
                        "N".repeat(4_000_001),
                        "pickle has more than 4000000 opcodes; is it the right file?"));
    }

    private static Arguments damaged(String what, String pickle, int offset) {
        return Arguments.of(what, pickle, String.format(Locale.ROOT, DAMAGED, offset));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("pickles")
    void pickleIsRefused(String what, String pickle, String message) {
        byte[] bytes = pickle.getBytes(StandardCharsets.ISO_8859_1);
        Refused.with(
                BadFile.class,
                folder,
                "#/a: " + message,
                () -> Pickle.read(folder.resolve("a"), bytes, global -> false));
    }

    @Test
    void anEmptyTupleIsAListToAppendTo() {
        assertEquals(
                Arrays.asList((Object) null),
                Pickle.read(folder, ")Na.".getBytes(StandardCharsets.ISO_8859_1), global -> false));
    }

    static Stream<Arguments> archives() {
        byte[] whole = TorchFile.of(TorchFile.tensor("2", "1")).bytes();
        byte[] noEnd = Arrays.copyOf(whole, whole.length - 30);
        String levels = "}q\u0000" + "U\u0001a}q\u0001".repeat(100) + ".";
        return Stream.of(
                Arguments.of("empty file", new byte[0], "not a complete zip archive; fetch it again"),
                Arguments.of(
                        "no zip",
                        TorchFile.latin("PK but no zip archive at all"),
                        "not a complete zip archive; fetch it again"),
                Arguments.of(
                        "comment beyond the end",
                        TorchFile.commented(whole),
                        "not a complete zip archive; fetch it again"),
                Arguments.of("illegible comment", TorchFile.illegible(), "not a complete zip archive; fetch it again"),
                Arguments.of("cut central directory", noEnd, "not a complete zip archive; fetch it again"),
                Arguments.of(
                        "no data.pkl",
                        TorchFile.empty().with("a/b", new byte[1]).bytes(),
                        "holds no data.pkl: not an archive that PyTorch wrote; give another file"),
                Arguments.of(
                        "climbing entry",
                        TorchFile.empty().with("../../data.pkl", new byte[1]).bytes(),
                        "holds no data.pkl: not an archive that PyTorch wrote; give another file"),
                Arguments.of(
                        "two data.pkl",
                        TorchFile.of("}.")
                                .with("b/data.pkl", TorchFile.latin("}."))
                                .bytes(),
                        "holds 2 times data.pkl: not an archive that PyTorch wrote; give another file"),
                Arguments.of(
                        "same entry twice",
                        TorchFile.renamed(
                                TorchFile.of("}.")
                                        .with("archive/dat2.pkl", new byte[1])
                                        .bytes(),
                                "archive/dat2.pkl",
                                "archive/data.pkl"),
                        "holds the entry archive/data.pkl twice; fetch it again"),
                Arguments.of(
                        "bomb in data.pkl",
                        TorchFile.empty()
                                .with("a/data.pkl", new byte[17 << 20])
                                .deflated()
                                .bytes(),
                        "data.pkl has 17825792 bytes; at most 16777216 can be read, give another file"),
                Arguments.of(
                        "tight data.pkl",
                        TorchFile.empty()
                                .with("a/data.pkl", new byte[2 << 20])
                                .deflated()
                                .bytes(),
                        "data.pkl unpacks from 2049 to 2097152 bytes, more than 100-fold: not what PyTorch writes; fetch it again"),
                Arguments.of(
                        "wrong checksum",
                        flipped(TorchFile.of("}U\u0001a}s.").bytes(), "}U\u0001a}s."),
                        "data.pkl is damaged, its checksum is wrong; fetch it again"),
                Arguments.of(
                        "holds itself",
                        TorchFile.of("}q\u0000U\u0001ah\u0000s.").bytes(),
                        "data.pkl nests deeper than 64 levels, or holds itself; give another file"),
                Arguments.of(
                        "shared a million times",
                        TorchFile.of(laughs()).bytes(),
                        "data.pkl holds more than 1000000 attributes; give another file"),
                Arguments.of(
                        "long name",
                        TorchFile.of("}T\u00e9\u0003\u0000\u0000" + "n".repeat(1001) + "}s.")
                                .bytes(),
                        "data.pkl holds a name of more than 1000 letters; give another file"),
                Arguments.of(
                        "storage of no kind",
                        TorchFile.of("}U\u0001wctorch._utils\n_rebuild_tensor_v2\n)Rs.")
                                .bytes(),
                        "tensor w has a storage of unknown kind; give another file"),
                Arguments.of(
                        "shape of text",
                        TorchFile.of(TorchFile.tensor("K\u0000", "U\u0001a\u0085", "K\u0001\u0085"))
                                .bytes(),
                        "tensor w: offset, shape or strides are not counts; fetch the file again"),
                Arguments.of(
                        "shape below zero",
                        TorchFile.of(TorchFile.tensor("K\u0000", "J\u00ff\u00ff\u00ff\u00ff\u0085", "K\u0001\u0085"))
                                .bytes(),
                        "tensor w: offset, shape or strides are not counts; fetch the file again"),
                Arguments.of(
                        "more strides than sizes",
                        TorchFile.of(TorchFile.tensor("K\u0000", "K\u0002\u0085", "K\u0001K\u0001\u0086"))
                                .bytes(),
                        "tensor w: offset, shape or strides are not counts; fetch the file again"),
                Arguments.of(
                        "two tensors of one name",
                        TorchFile.of(twice()).bytes(),
                        "holds tensor 1 twice; fetch it again"));
    }

    /** 40 levels, each holding the next one twice: 2^40 attributes in 500 bytes. */
    private static String laughs() {
        StringBuilder text = new StringBuilder("}q\u0000");
        for (int level = 0; level < 40; level++) {
            String below = "h" + (char) level;
            text.append("}(U\u0001a" + below + "U\u0001b" + below + "uq" + (char) (level + 1));
        }
        return text.append('.').toString();
    }

    /** A dictionary with the keys 1 and "1". */
    private static String twice() {
        String tensor = TorchFile.tensor("2", "1");
        String call = tensor.substring(tensor.indexOf("ctorch"), tensor.length() - 2);
        return "}(U\u00011" + call + "K\u0001" + call + "u.";
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("archives")
    void archiveIsRefused(String what, byte[] content, String message) throws IOException {
        Path inner = Files.createDirectory(folder.resolve("inner"));
        Path file = Files.write(inner.resolve("a"), content);
        Refused.with(BadFile.class, inner, "#/a: " + message, () -> TorchArchive.open(file));
        try (Stream<Path> all = Files.walk(folder)) {
            assertEquals(List.of(file), all.filter(Files::isRegularFile).toList(), "nothing is unpacked");
        }
    }

    static Stream<Arguments> tensors() {
        return Stream.of(
                Arguments.of(
                        "beyond the end",
                        TorchFile.tensor("3", "1"),
                        "tensor w reaches beyond its storage of 2 elements; fetch the file again"),
                Arguments.of(
                        "one value many times",
                        TorchFile.tensor("9", "0"),
                        "tensor w reaches beyond its storage of 2 elements; fetch the file again"),
                Arguments.of(
                        "offset beyond",
                        TorchFile.tensor("K\u0002", "K\u0001\u0085", "K\u0001\u0085"),
                        "tensor w reaches beyond its storage of 2 elements; fetch the file again"),
                Arguments.of(
                        "product beyond 2^63",
                        TorchFile.tensor(
                                "K\u0000",
                                "J\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007fJ\u00ff\u00ff\u00ff\u007f\u0087",
                                "K\u0000K\u0000K\u0000\u0087"),
                        "tensor w reaches beyond its storage of 2 elements; fetch the file again"),
                Arguments.of(
                        "stride beyond 2^63",
                        TorchFile.tensor(
                                "K\u0000",
                                "K\u0002\u0085",
                                "\u008a\u0008\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u00ff\u007f\u0085"),
                        "tensor w reaches beyond its storage of 2 elements; fetch the file again"),
                Arguments.of(
                        "storage missing",
                        TorchFile.tensor("2", "1").replace("U\u00010", "U\u00017"),
                        "tensor w: storage data/7 is missing from the archive; fetch it again"),
                Arguments.of(
                        "storage elsewhere",
                        TorchFile.tensor("2", "1").replace("U\u00010", "U\u0004../0"),
                        "tensor w: storage data/../0 is missing from the archive; fetch it again"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("tensors")
    void tensorIsRefused(String what, String pickle, String message) throws IOException {
        TorchArchive archive = TorchArchive.open(
                Files.write(folder.resolve("a"), TorchFile.of(pickle).bytes()));
        Refused.with(BadFile.class, folder, "#/a: " + message, () -> archive.get("w"));
    }

    @Test
    void damagedOrPackedDataIsRefused() throws IOException {
        TorchFile bomb = TorchFile.of(TorchFile.tensor("2", "1")).with("archive/data/0", new byte[2 << 20]);
        TorchArchive packed = TorchArchive.open(
                Files.write(folder.resolve("a"), bomb.deflated().bytes()));
        Refused.with(
                BadFile.class,
                folder,
                "#/a: tensor w: storage data/0 unpacks from 2049 to 2097152 bytes, more than 100-fold: not what PyTorch writes; fetch it again",
                () -> packed.get("w"));
        byte[] marked = TorchFile.of(TorchFile.tensor("2", "1"))
                .with("archive/data/0", TorchFile.latin("12345678"))
                .bytes();
        TorchArchive damaged = TorchArchive.open(Files.write(folder.resolve("a"), flipped(marked, "12345678")));
        Refused.with(
                BadFile.class,
                folder,
                "#/a: tensor w: storage data/0 is damaged, its checksum is wrong; fetch it again",
                () -> damaged.get("w"));
    }

    @Test
    void wholeArchivesAreRead() throws IOException {
        for (TorchFile whole : List.of(
                TorchFile.of(TorchFile.tensor("2", "1")),
                TorchFile.of(TorchFile.tensor("2", "1")).deflated())) {
            TorchArchive archive = TorchArchive.open(Files.write(folder.resolve("a"), whole.bytes()));
            assertArrayEquals(new float[2], archive.get("w").toFloats());
        }
    }

    /** {@code zip} with the first byte of {@code content} changed. */
    private static byte[] flipped(byte[] zip, String content) {
        String text = new String(zip, StandardCharsets.ISO_8859_1);
        int at = text.indexOf(content);
        byte[] changed = zip.clone();
        changed[at] ^= 1;
        return changed;
    }
}
