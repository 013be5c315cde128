package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code keeplora pretrain}: which options it refuses, and which files it writes. */
final class PretrainCommandTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"--pairs", "--epochs", "--batch-size", "--threads"})
    void numbersBelowOneAreRefused(String option) {
        Path out = folder.resolve("out");
        Printed printed = Printed.by("pretrain", "--out", out.toString(), option, "0");
        assertEquals(new Printed(2, "", "keeplora: " + option + " is 0; it must be at least 1\n"), printed);
        assertTrue(Files.notExists(out));
    }

    @Test
    void modelAndLogAreWritten() throws IOException {
        Path out = folder.resolve("out");
        Printed printed = Printed.by(
                "pretrain", "--quiet", "--out", out.toString(), "--pairs", "12", "--epochs", "2", "--batch-size", "6");
        assertEquals(0, printed.exit(), printed.err());
        assertEquals("", printed.err());
        assertTrue(printed.out().endsWith("Written to " + out + "\n"), printed.out());
        assertTrue(Files.isRegularFile(out.resolve("model/model.safetensors")));
        JsonNode log =
                new ObjectMapper().readTree(out.resolve("pretraining.json").toFile());
        assertEquals(4, log.get("steps").asInt(), "two batches, twice");
        assertEquals(12, log.at("/settings/pairs").asInt());
        assertEquals(6, log.at("/settings/training/batchSize").asInt());
    }
}
