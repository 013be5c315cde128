package org.keeplora.train;

import java.util.Collection;
import java.util.Iterator;
import java.util.List;

/** Told how a run advances; the run never waits for it. */
public interface RunProgress {
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
    RunProgress SILENT = new RunProgress() {
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
     * The batches, to be gone through {@code rounds} times; whoever asks for the next has done the one before, and after the last round
     * every image has been told once.
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
