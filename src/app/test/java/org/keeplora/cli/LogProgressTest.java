package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log of a run's passes, character by character, and when there is a log at all. */
final class LogProgressTest {
    /** A clock that stands still between steps. */
    private static final class SteppedClock extends Clock {
        private Instant now = Instant.parse("2026-03-04T05:06:07.891Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
    }

    @Test
    void aPassIsOneLineAndALongOneOneMoreEveryTenMinutes() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        SteppedClock clock = new SteppedClock();
        LogProgress progress = new LogProgress(new PrintStream(bytes, true, StandardCharsets.UTF_8), clock);
        progress.begin("digits gradient", 300);
        for (int i = 0; i < 3; i++) {
            clock.now = clock.now.plus(Duration.ofSeconds(1));
            progress.advance(100);
        }
        progress.end();
        progress.begin("digits training", 2400);
        for (int i = 0; i < 24; i++) {
            clock.now = clock.now.plus(Duration.ofMinutes(1));
            progress.step(2.5 - 0.1 * i, 1e-3 / (i + 1));
            progress.advance(100);
        }
        progress.end();
        progress.end();
        assertEquals("""
                2026-03-04T05:06:07Z digits gradient: 300 images
                2026-03-04T05:06:10Z digits training: 2400 images
                2026-03-04T05:16:10Z digits training: 1000 of 2400 images done, loss 1.600, learning rate 1.0e-04, 1.7 images/s, 14 min left
                2026-03-04T05:26:10Z digits training: 2000 of 2400 images done, loss 0.600, learning rate 5.0e-05, 1.7 images/s, 4 min left
                2026-03-04T05:30:10Z digits training: done, loss 0.200, learning rate 4.2e-05, 1.7 images/s
                """, bytes.toString(StandardCharsets.UTF_8).replace(System.lineSeparator(), "\n"));
    }

    @ParameterizedTest
    @CsvSource({
        "/dev/pts/3, true",
        "/dev/tty1, true",
        "/dev/console, true",
        "/dev/null, false",
        "pipe:[4711], false",
        "/home/me/run.log, false",
        "/dev/pts/3 (deleted), false",
    })
    void onlyATerminalGetsBars(String target, boolean terminal) {
        assertEquals(terminal, TerminalProgress.isTerminal(target));
    }
}
