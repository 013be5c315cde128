package org.keeplora.cli;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** While open, SIGINT and SIGTERM make a run save before the process ends. */
final class StopSignals implements AutoCloseable {
    /** Longest wait, for a step of a large model on a slow machine. Process managers wait about as long. */
    private static final int LONGEST_WAIT_SECONDS = 60;

    private final CountDownLatch ended = new CountDownLatch(1);
    private final Thread hook;
    private volatile String outcome = "not stopped in " + LONGEST_WAIT_SECONDS + " s, the last saved state is kept";

    /**
     * @param stop makes the run end after the next step
     * @param run to be resumed; empty for a process without files, which prints nothing
     */
    StopSignals(Runnable stop, Optional<Path> run, Verbosity verbosity) {
        hook = new Thread(() -> stop(stop, run, verbosity), "stop-signals");
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop(Runnable stop, Optional<Path> run, Verbosity verbosity) {
        stop.run();
        run.ifPresent(folder -> verbosity.say("\nkeeplora: stopping at the next step"));
        try {
            ended.await(LONGEST_WAIT_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        run.ifPresent(
                folder -> System.err.println("keeplora: " + outcome + "; continue with: keeplora resume " + folder));
    }

    /** Called when the run has saved and ends; {@code where} describes the state. */
    void stopped(String where) {
        outcome = where;
    }

    /** The run has ended, with or without an error. */
    @Override
    public void close() {
        ended.countDown();
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // the process is ending already, and the hook waits for this call
        }
    }
}
