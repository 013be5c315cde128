package org.keeplora.train;

/** Told how a run advances; the run never waits for it. */
public interface RunProgress {
    /** A pass over {@code images} images begins; the pass before it, if any, has ended. */
    void begin(String pass, long images);

    /** {@code images} more images of the current pass are done. */
    void advance(long images);

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
}
