package org.keeplora.train;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.report.StageTimes;
import org.keeplora.report.Sums;

/**
 * What watches a run.
 *
 * @param progress is told of every pass over images
 * @param times of the run's stages; none lies inside another
 */
public record RunMonitor(Progress progress, StageTimes times) {
    /** Told how a run advances; the run never waits for it. */
    public interface Progress {
        /** A pass over {@code images} images begins; the pass before it, if any, has ended. */
        void begin(String pass, long images);

        /** {@code images} more images of the current pass are done. */
        void advance(long images);

        /**
         * An optimiser step of the current pass is done; its images are told by {@link #advance}.
         *
         * @param loss the mean over the step's batch
         * @param learningRate of the step
         */
        default void step(double loss, double learningRate) {}

        /** The current pass has ended. */
        void end();

        /** Says nothing. */
        Progress SILENT = new Progress() {
            @Override
            public void begin(String pass, long images) {}

            @Override
            public void advance(long images) {}

            @Override
            public void end() {}
        };

        /** How many items all batches have. */
        static long items(Collection<int[]> batches) {
            return batches.stream().mapToLong(batch -> batch.length).sum();
        }

        /**
         * The batches, to be gone through {@code rounds} times; whoever asks for the next has done the one before, and
         * after the last round every image has been told once.
         */
        default Iterable<int[]> over(List<int[]> batches, int rounds) {
            int[] round = {0};
            return () -> {
                int now = round[0]++;
                Iterator<int[]> each = batches.iterator();
                return new Iterator<>() {
                    private int done;

                    @Override
                    public boolean hasNext() {
                        advance(done * (now + 1) / rounds - done * now / rounds);
                        done = 0;
                        return each.hasNext();
                    }

                    @Override
                    public int[] next() {
                        int[] batch = each.next();
                        done = batch.length;
                        return batch;
                    }
                };
            };
        }
    }

    /** With a clock of its own. */
    public static RunMonitor of(Progress progress) {
        return new RunMonitor(progress, new StageTimes());
    }

    /** With a clock of its own, and what each stage gives to sums over {@code group}. */
    public static RunMonitor of(Progress progress, ProcessGroup group) {
        return new RunMonitor(
                progress,
                new StageTimes(
                        () -> new Sums(group.traffic().calls(), group.traffic().bytes())));
    }
}
