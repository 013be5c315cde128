package org.keeplora.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.keeplora.train.RunProgress;

/** For a file or a pipe: a line with the time, in UTC, when a pass begins, and every ten minutes how far it is. */
final class LogProgress implements RunProgress {
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(10);

    private final PrintStream log;
    private final Clock clock;
    private String pass;
    private long images;
    private long done;
    private Instant lastLine;

    LogProgress(PrintStream log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public synchronized void begin(String pass, long images) {
        this.pass = pass;
        this.images = images;
        done = 0;
        lastLine = clock.instant();
        print(images + " images");
    }

    @Override
    public synchronized void advance(long images) {
        done += images;
        Instant now = clock.instant();
        if (done < this.images && !now.isBefore(lastLine.plus(BETWEEN_LINES))) {
            lastLine = now;
            print(done + " of " + this.images + " images done");
        }
    }

    /** The next line tells when. */
    @Override
    public void end() {}

    private void print(String what) {
        log.println(lastLine.truncatedTo(ChronoUnit.SECONDS) + " " + pass + ": " + what);
    }
}
