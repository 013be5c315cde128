package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Locale;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.keeplora.train.RunMonitor.Progress;

/**
 * One progress bar per pass on the error stream, with images per second and the remaining time. In a training also with
 * the loss and the learning rate.
 */
final class TerminalProgress implements Progress {
    /** The error stream in Linux. Java only knows whether both other streams are a terminal. */
    private static final Path ERROR_STREAM = Path.of("/proc/self/fd/2");

    private ProgressBar bar;

    private TerminalProgress() {}

    /** Progress bars if the error stream is a terminal, otherwise lines for a log. */
    static Progress orLog() {
        return hasTerminal() ? new TerminalProgress() : new LogProgress(System.err, Clock.systemUTC());
    }

    private static boolean hasTerminal() {
        if (!Files.exists(ERROR_STREAM, LinkOption.NOFOLLOW_LINKS)) {
            return System.console() != null; // not Linux
        }
        try {
            return isTerminal(Files.readSymbolicLink(ERROR_STREAM).toString());
        } catch (IOException e) {
            return false; // lines on a terminal are better than bars in a log
        }
    }

    /** @param target of a stream, as Linux names it: a device, a file, or a name such as {@code pipe:[4711]} */
    static boolean isTerminal(String target) {
        return target.matches("/dev/(pts/\\d+|tty\\w*|console)");
    }

    @Override
    public void begin(String pass, long images) {
        end();
        bar = new ProgressBarBuilder()
                .setTaskName(pass)
                .setInitialMax(images)
                .setUnit(" images", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed()
                .build();
    }

    @Override
    public void advance(long images) {
        bar.stepBy(images);
    }

    @Override
    public void step(double loss, double learningRate) {
        bar.setExtraMessage(String.format(Locale.ROOT, " loss %.3f, rate %.1e", loss, learningRate));
    }

    @Override
    public void end() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
