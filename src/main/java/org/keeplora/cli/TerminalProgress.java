package org.keeplora.cli;

import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.keeplora.train.RunProgress;

/** One bar a pass on the error stream, with images a second and the time left. */
final class TerminalProgress implements RunProgress {
    private ProgressBar bar;

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
    public void end() {
        if (bar != null) {
            bar.close();
            bar = null;
        }
    }
}
