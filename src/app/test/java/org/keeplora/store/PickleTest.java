package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.testing.Shared;

/** Pickles are read as data. A pickle that would execute something, or is damaged, is refused with the offset. */
@Tag("shared")
final class PickleTest {
    private static final Path FILE = Path.of("some.pkl");

    private static Object read(String latin) {
        return Pickle.read(FILE, latin.getBytes(StandardCharsets.ISO_8859_1), global -> false);
    }

    private static String refusal(String latin) {
        return assertThrows(BadFile.class, () -> read(latin)).getMessage();
    }

    @Test
    void plainDataComesBack() {
        assertEquals(
                Map.of("a", List.of(1L, 300L, -2L), "b", true),
                read("\u0080\u0002}(U\u0001a](K\u0001M\u002c\u0001J\u00fe\u00ff\u00ff\u00ffeU\u0001b\u0088u."));
        assertEquals(List.of("x", "x"), read("\u0080\u0002U\u0001xq\u0000h\u0000\u0086."));
        assertEquals(2.5, read("G@\u0004\u0000\u0000\u0000\u0000\u0000\u0000."));
        assertEquals(-1L, read("\u008a\u0001\u00ff."));
    }

    @Test
    void noFunctionIsEverCalled() {
        String message = refusal("cos\nsystem\nU\u0004true\u0085R.");
        assertEquals(
                "some.pkl: pickle offset 11: refers to os.system, which is not plain data; give another file", message);
        assertTrue(refusal("\u008c\u0002os\u008c\u0006system\u0093.").contains("os.system"));
    }

    @Test
    void damageIsReportedWithItsOffset() {
        assertTrue(refusal("\u0080\u0002}(U\u0001a").contains("damaged at offset"));
        assertTrue(refusal("U\u00ffx").contains("damaged at offset"));
        assertTrue(refusal("\u00fe.").contains("offset 0: opcode 0xfe is not supported"));
        assertTrue(refusal("h\u0007.").contains("refers to an object that does not exist"));
        assertTrue(refusal("R.").contains("damaged at offset"));
    }

    @Test
    void archivesCutShortAreRefused(@TempDir Path folder) throws Exception {
        byte[] whole = Files.readAllBytes(Shared.file("golden/clip-tiny-openai.pt"));
        Path cut = Files.write(folder.resolve("cut.pt"), Arrays.copyOf(whole, whole.length / 2));
        assertTrue(assertThrows(BadFile.class, () -> TorchArchive.open(cut))
                .getMessage()
                .contains("not a complete zip archive"));
        TorchArchive archive = TorchArchive.open(Shared.file("golden/clip-tiny-openai.pt"));
        assertEquals(ElementFormat.F16, archive.format("visual.proj"));
        assertEquals("[128, 64]", Arrays.toString(archive.shape("visual.proj")));
        assertThrows(BadFile.class, () -> archive.get("visual.nothing"));
    }

    @Test
    void halfPrecisionWidensExactly() {
        short[] halves = {0x3c00, (short) 0xc000, 0x7bff, 0x0001, 0x0400, 0x7c00, 0x0000};
        java.nio.ByteBuffer data =
                java.nio.ByteBuffer.allocate(2 * halves.length).order(java.nio.ByteOrder.LITTLE_ENDIAN);
        data.asShortBuffer().put(halves);
        float[] expected = {1, -2, 65504, (float) Math.pow(2, -24), (float) Math.pow(2, -14), Float.POSITIVE_INFINITY, 0
        };
        float[] actual = new NamedArray("x", ElementFormat.F16, new long[] {halves.length}, data).toFloats();
        assertEquals(Arrays.toString(expected), Arrays.toString(actual));
        data.asShortBuffer().put(new short[] {0x3f80, (short) 0xc000, 0x7f80, 0, 0, 0, 0});
        float[] brain = new NamedArray("x", ElementFormat.BF16, new long[] {halves.length}, data).toFloats();
        assertEquals("[1.0, -2.0, Infinity, 0.0, 0.0, 0.0, 0.0]", Arrays.toString(brain));
    }
}
