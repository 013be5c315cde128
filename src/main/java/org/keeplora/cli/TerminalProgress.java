package org.keeplora.cli;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.keeplora.train.RunProgress;

/** One bar a pass on the error stream, with images a second and the time left; where that is no terminal, a line now and then. */
final class TerminalProgress implements RunProgress {
    private static final int MILLIS_BETWEEN_LINES = 30_000;
    private static final int LINE_LENGTH = 120;

    private ProgressBar bar;

    @Override
    public void begin(String pass, long images) {
        end();
        ProgressBarBuilder builder = new ProgressBarBuilder()
                .setTaskName(pass)
                .setInitialMax(images)
                .setUnit(" images", 1)
                .setStyle(ProgressBarStyle.ASCII)
                .showSpeed();
        if (System.console() == null) {
            builder.setUpdateIntervalMillis(MILLIS_BETWEEN_LINES)
                    .setConsumer(new DelegatingProgressBarConsumer(System.err::println, LINE_LENGTH));
        }
        bar = builder.build();
    }

    @Override
    public void advance(long images) {
        bar.stepBy(images);
    }

    @Override
    public void end() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
