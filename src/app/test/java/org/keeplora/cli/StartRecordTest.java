package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code start.json} is read as it was written, and refused when it is incomplete. */
final class StartRecordTest {
    private static final RunConfig CONFIG = RunConfigFile.read("example", List.of(), List.of());
    private static final RunInputs INPUTS = new RunInputs("4711", List.of());

    @Test
    void isReadAsItWasWritten() {
        String text = StartRecord.of(CONFIG, INPUTS).text();
        assertEquals(text, StartRecord.ofText("start.json", text).text());
    }

    @Test
    void settingsThatAffectNoResultMayChangeAndAreRecorded() {
        StartRecord begun =
                StartRecord.ofText("start.json", StartRecord.of(CONFIG, INPUTS).text());
        assertEquals(List.of(), begun.resumedWith("run", CONFIG).changes());
        RunConfig more = RunConfigFile.read("example", List.of(), List.of("runtime.threads=7", "save.minutes=1"));
        assertEquals(
                List.of("runtime.threads is 7, but was 2", "save.minutes is 1.0, but was 10.0"),
                begun.resumedWith("run", more).newChanges(begun));
        RunConfig other = RunConfigFile.read("example", List.of(), List.of("method.rank=7"));
        String message = assertThrows(ConfigProblem.class, () -> begun.resumedWith("run", other))
                .getMessage();
        assertTrue(message.contains("method.rank is 7, but was 16; put that back"), message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "[]",
                "{}",
                "{\"config\":null,\"inputs\":{\"model\":\"4711\",\"data\":[]},\"changes\":[]}",
                "{\"config\":{},\"inputs\":{\"data\":[]},\"changes\":[]}",
                "{\"config\":{},\"inputs\":{\"model\":\"4711\",\"data\":[null]},\"changes\":[]}",
                "{\"config\":{},\"inputs\":{\"model\":\"4711\",\"data\":[]},\"changes\":null}"
            })
    void whatIsNotWholeIsRefused(String text) {
        String message = assertThrows(ConfigProblem.class, () -> StartRecord.ofText("run: start.json", text))
                .getMessage();
        assertTrue(message.startsWith("run: start.json cannot be read ("), message);
        assertTrue(message.endsWith("; restore it, or start the run again"), message);
    }
}
