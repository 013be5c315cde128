package org.keeplora.cli;

import java.io.PrintStream;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import org.keeplora.train.RunMonitor.Progress;

/**
 * Progress for a file or a pipe, as lines with the time in UTC. Prints a line when a pass begins, every ten minutes its
 * progress, speed and remaining time, and when a training ends. In a training, lines also have the loss of the last
 * step and the learning rate.
 */
final class LogProgress implements Progress {
    private static final Duration BETWEEN_LINES = Duration.ofMinutes(10);

    private final PrintStream log;
    private final Clock clock;
    private String pass;
    private long images;
    private long done;
    private Instant begun;
    private Instant lastLine;
    private String training = "";

    LogProgress(PrintStream log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    @Override
    public synchronized void begin(String pass, long images) {
        this.pass = pass;
        this.images = images;
        done = 0;
        training = "";
        begun = clock.instant();
        print(begun, images + " images");
    }

    @Override
    public synchronized void advance(long images) {
        done += images;
        Instant now = clock.instant();
        if (done < this.images && !now.isBefore(lastLine.plus(BETWEEN_LINES))) {
            double seconds = seconds(now);
            print(
                    now,
                    String.format(
                            Locale.ROOT,
                            "%d of %d images done%s, %.1f images/s, %.0f min left",
                            done,
                            this.images,
                            training,
                            done / seconds,
                            seconds / done * (this.images - done) / 60));
        }
    }

    private double seconds(Instant now) {
        return Duration.between(begun, now).toMillis() / 1000.0;
    }

    @Override
    public synchronized void step(double loss, double learningRate) {
        training = String.format(Locale.ROOT, ", loss %.3f, learning rate %.1e", loss, learningRate);
    }

    /** Prints a line at the end of a training. For other passes the next line shows when they ended. */
    @Override
    public synchronized void end() {
        if (!training.isEmpty()) {
            Instant now = clock.instant();
            print(now, String.format(Locale.ROOT, "done%s, %.1f images/s", training, done / seconds(now)));
            training = "";
        }
    }

    private void print(Instant now, String what) {
        lastLine = now;
        log.println(now.truncatedTo(ChronoUnit.SECONDS) + " " + pass + ": " + what);
    }
}
