package org.keeplora.learner;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.testing.Fuzzed;

/** A learner in a file: to the bit at every step of a task, and nothing else than what was saved is taken for one. */
final class SavedLearnerTest {
    private static final int DIGITS_AT = 8 + "{\"__metadata__\":{\"sha256\":\"".length();
    private static final int DIGITS = 64;
    private static final Linalg LINALG = Linalg.open(BackendChoice.CPU, 2);

    @TempDir
    private Path folder;

    @AfterAll
    static void close() {
        LINALG.close();
    }

    @AfterEach
    void closeLearner() {
        learner.close();
    }

    /** Where in a task the learner is saved and loaded. */
    enum Step {
        NOTHING_YET,
        WEIGHTS,
        GRADIENTS,
        BEGUN,
        TRAINED,
        INPUTS,
        ENDED
    }

    private ContinualLearner learner = builder().build();

    private static LearnerBuilder builder() {
        return PlainTrainer.builder().linalg(LINALG);
    }

    private void savedAndLoaded(Step now, Step wanted) {
        if (now == wanted) {
            Path file = folder.resolve("learner");
            learner.save(file);
            learner.close();
            learner = ContinualLearner.load(file, LINALG);
        }
    }

    private float[] learned(Step interrupted) {
        PlainTrainer trainer = new PlainTrainer(3);
        learner.close();
        learner = builder().build();
        savedAndLoaded(Step.NOTHING_YET, interrupted);
        learner.protectWeights(trainer::weight);
        savedAndLoaded(Step.WEIGHTS, interrupted);
        for (int task = 0; task < 2; task++) {
            trainer.gradients(learner);
            savedAndLoaded(Step.GRADIENTS, interrupted);
            learner.begin(learner.gradients());
            savedAndLoaded(Step.BEGUN, interrupted);
            trainer.train(learner.adapters().orElseThrow());
            savedAndLoaded(Step.TRAINED, interrupted);
            trainer.merge(learner.adapters().orElseThrow());
            learner.adapters().orElseThrow().close();
            trainer.inputs(learner);
            savedAndLoaded(Step.INPUTS, interrupted);
            learner.end(learner.inputs());
            savedAndLoaded(Step.ENDED, interrupted);
        }
        float[] all = new float[0];
        for (float[] weight : trainer.weights.values()) {
            int before = all.length;
            all = Arrays.copyOf(all, before + weight.length);
            System.arraycopy(weight, 0, all, before, weight.length);
        }
        learner.close();
        return all;
    }

    @ParameterizedTest
    @EnumSource
    void continuesToTheBit(Step interrupted) {
        assertArrayEquals(learned(null), learned(interrupted));
    }

    @Test
    void settingsSitesAndCountsAreThoseSaved() {
        PlainTrainer trainer = new PlainTrainer(4);
        Path file = folder.resolve("learner");
        learner.protectWeights(trainer::weight);
        trainer.task(learner);
        learner.save(file);
        try (ContinualLearner loaded = ContinualLearner.load(file)) {
            assertEquals(learner.sites(), loaded.sites());
            assertEquals(learner.ranks(), loaded.ranks());
            assertEquals(1, loaded.tasks());
            assertTrue(loaded.growths().isEmpty());
            Path again = folder.resolve("again");
            loaded.save(again);
            assertEquals(-1, mismatch(file, again));
        }
    }

    private static long mismatch(Path one, Path other) {
        try {
            return Files.mismatch(one, other);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A file of a task in progress. */
    private byte[] saved() throws IOException {
        PlainTrainer trainer = new PlainTrainer(5);
        Path file = folder.resolve("learner");
        trainer.task(learner);
        trainer.gradients(learner);
        learner.begin(learner.gradients());
        learner.inputs().add("up", new float[12]);
        learner.save(file);
        learner.close();
        return Files.readAllBytes(file);
    }

    private void refused(byte[] content) {
        Path file = Fuzzed.file("learner", content);
        long before = Matrix.open();
        String message = assertThrows(DamagedFile.class, () -> ContinualLearner.load(file, LINALG))
                .getMessage();
        assertTrue(message.startsWith(file + ": "), message);
        Fuzzed.requireLine(message);
        assertEquals(before, Matrix.open(), message);
    }

    @Test
    void everyChangedByteAndEveryShorterFileIsRefused() throws IOException {
        byte[] whole = saved();
        Random random = new Random(6);
        for (int i = 0; i < 300; i++) {
            byte[] changed = whole.clone();
            changed[i < 100 ? i : random.nextInt(whole.length)] ^= (byte) (1 << random.nextInt(8));
            refused(changed);
            refused(Arrays.copyOf(whole, i < 100 ? i : random.nextInt(whole.length)));
        }
        refused(Arrays.copyOf(whole, whole.length + 1));
    }

    /** The file with the checksum that its content has. */
    private static byte[] sealed(byte[] content) throws Exception {
        Arrays.fill(content, DIGITS_AT, DIGITS_AT + DIGITS, (byte) '0');
        String digest =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        System.arraycopy(digest.getBytes(StandardCharsets.US_ASCII), 0, content, DIGITS_AT, DIGITS);
        return content;
    }

    /** Whoever computes the checksum anew can write anything; it is refused, or it is a learner. */
    @Test
    void aSealedFileOfAnyContentIsRefusedOrALearner() throws Throwable {
        byte[] whole = saved();
        int header = 8 + new String(whole, StandardCharsets.ISO_8859_1).indexOf("}}", DIGITS_AT);
        Random random = new Random(7);
        for (int i = 0; i < 600; i++) {
            byte[] changed = whole.clone();
            for (int n = 0; n <= random.nextInt(3); n++) {
                int at = DIGITS_AT + DIGITS + random.nextInt(header + 600 - DIGITS_AT - DIGITS);
                changed[at] = (byte) "0123456789.-=/ {}[],:\"abinfeNF".charAt(random.nextInt(29));
            }
            Path file = Fuzzed.file("learner", sealed(changed));
            long before = Matrix.open();
            Fuzzed.readOrRefused(() -> ContinualLearner.load(file, LINALG).close(), DamagedFile.class);
            assertEquals(before, Matrix.open());
        }
    }

    private void refused(String expected, byte[] content) {
        Path file = Fuzzed.file("learner", content);
        String message = assertThrows(DamagedFile.class, () -> ContinualLearner.load(file, LINALG))
                .getMessage();
        assertTrue(message.contains(expected), message);
    }

    private static byte[] replaced(byte[] whole, String from, String to) throws Exception {
        assertEquals(from.length(), to.length());
        String text = new String(whole, StandardCharsets.ISO_8859_1);
        assertTrue(text.contains(from), from);
        return sealed(text.replaceFirst(Pattern.quote(from), to).getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void theMessageSaysWhatIsWrong() throws Exception {
        byte[] whole = saved();
        refused("site up: it is [0 x 30]", replaced(whole, "in=12 out=30", "in=00 out=30"));
        refused("site/up has no kept", replaced(whole, "kept=", "kept:"));
        refused("it is not a \"keeplora4j learner 1\"", replaced(whole, "learner 1", "learner 2"));
        refused("rank is 0", replaced(whole, "rank=3", "rank=0"));
        refused("has no array protected/up", replaced(whole, "\"protected/up\"", "\"protected/uP\""));
        byte[] skewed = whole.clone();
        skewed[skewed.length - 1] ^= 0x01; // the exponent of a number of the last array
        refused("restore: ", sealed(skewed));
        byte[] changed = whole.clone();
        changed[whole.length / 2] ^= 1;
        refused("its content does not have the checksum in it", changed);
        refused("it is too short", new byte[3]);
    }

    @Test
    void everyLocaleWritesTheSameBytes() throws IOException {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG"));
            byte[] whole = saved();
            Locale.setDefault(Locale.ROOT);
            learner = builder().build();
            assertArrayEquals(whole, saved());
        } finally {
            Locale.setDefault(before);
        }
    }

    /** PEFT takes a module's name for every name that ends with it, and a key for a regular expression. */
    @Test
    void anAdapterNamesItsModulesAlone() throws IOException {
        learner.close();
        learner = ContinualLearner.builder()
                .linalg(LINALG)
                .site("one", 8, 3)
                .site("two", 8, 9)
                .rank(6)
                .build();
        Gradients gradients = learner.gradients();
        gradients.add("one", PlainTrainer.random(24, 1));
        gradients.add("two", PlainTrainer.random(72, 2));
        learner.begin(gradients).writePeft(folder, site -> site.equals("one") ? "fc" : "block.fc");
        String config = Files.readString(folder.resolve("adapter_config.json"));
        assertTrue(config.contains("\"target_modules\": \"block\\\\.fc|fc\","), config);
        assertTrue(config.contains("\"rank_pattern\": {\"^fc$\": 3},"), config);
    }

    @Test
    void aLinkStaysALink() throws IOException {
        Path target = folder.resolve("target");
        Path link = Files.createSymbolicLink(
                folder.resolve("link"), Files.createFile(target).getFileName());
        learner.save(link);
        assertTrue(Files.isSymbolicLink(link));
        ContinualLearner.load(target, LINALG).close();
    }

    @Test
    void aFailedSaveLeavesTheFileAsItWas() throws IOException {
        byte[] whole = saved();
        learner = builder().build();
        Path missing = folder.resolve("missing").resolve("learner");
        assertThrows(UncheckedIOException.class, () -> learner.save(missing));
        learner.close();
        assertArrayEquals(whole, Files.readAllBytes(folder.resolve("learner")));
        try (var files = Files.list(folder)) {
            assertEquals(1, files.count());
        }
    }
}
