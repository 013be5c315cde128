package org.keeplora.train;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.report.StageTimes;
import org.keeplora.report.Sums;

/**
 * Observes a run.
 *
 * @param progress receives every pass over images
 * @param times of the stages of the run; stages do not overlap
 */
public record RunMonitor(Progress progress, StageTimes times) {
    /** Receives the progress of a run. The run never waits for it. */
    public interface Progress {
        /** A pass over {@code images} images begins; the pass before it, if any, has ended. */
        void begin(String pass, long images);

        /** {@code images} more images of the current pass are done. */
        void advance(long images);

        /**
         * An optimiser step of the current pass is done; its images are reported by {@link #advance}.
         *
         * @param loss the mean over the step's batch
         * @param learningRate of the step
         */
        default void step(double loss, double learningRate) {}

        /** The current pass has ended. */
        void end();

        /** Shows nothing. */
        Progress SILENT = new Progress() {
            @Override
            public void begin(String pass, long images) {}

            @Override
            public void advance(long images) {}

            @Override
            public void end() {}
        };

        /** Total number of items in all batches. */
        static long items(Collection<int[]> batches) {
            return batches.stream().mapToLong(batch -> batch.length).sum();
        }

        /**
         * The batches, repeated {@code rounds} times. Asking for the next batch reports the one before as done. After
         * the last round every image has been reported once.
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

    /** A monitor with its own clock. */
    public static RunMonitor of(Progress progress) {
        return new RunMonitor(progress, new StageTimes());
    }

    /** A monitor with its own clock that also measures the traffic of each stage in {@code group}. */
    public static RunMonitor of(Progress progress, ProcessGroup group) {
        return new RunMonitor(
                progress,
                new StageTimes(
                        () -> new Sums(group.traffic().calls(), group.traffic().bytes())));
    }
}
