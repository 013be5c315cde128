package org.keeplora.engine;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a separate process wrote before it ended or was ended.
 *
 * @param lines of its standard output
 * @param end how it ended, as the rest of a sentence
 */
record ProbeProcess(List<String> lines, String end) {
    private static final System.Logger LOG = System.getLogger(ProbeProcess.class.getName());

    /** How long the output of an ended process is read: all of it is there, unless a descendant holds the pipe. */
    private static final Duration REST = Duration.ofSeconds(2);

    /**
     * Runs {@code command} and returns within {@code limit} and a few seconds, whatever the process does: one that does
     * not end is killed with the descendants it has then.
     *
     * @throws IOException if it cannot be started
     */
    static ProbeProcess run(List<String> command, Duration limit) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        List<String> lines = Collections.synchronizedList(new ArrayList<>());
        Thread reader = new Thread(() -> read(process, lines), "probe-output");
        reader.setDaemon(true);
        reader.start();
        boolean ended = false;
        try {
            ended = process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } finally {
            if (!ended) { // an ended one keeps its output only while it is not destroyed
                List<ProcessHandle> descendants = process.descendants().toList();
                process.destroyForcibly(); // first, or it could go on after the end of a child
                descendants.forEach(ProcessHandle::destroyForcibly);
            }
        }
        reader.join(REST.toMillis());
        synchronized (lines) {
            String end = ended
                    ? "ended with exit code " + process.exitValue()
                    : "did not end within " + limit.toSeconds() + " s";
            return new ProbeProcess(List.copyOf(lines), end);
        }
    }

    private static void read(Process process, List<String> lines) {
        try (BufferedReader output =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            output.lines().forEach(lines::add);
        } catch (IOException | UncheckedIOException e) {
            LOG.log(System.Logger.Level.DEBUG, "the output of a probe ended early", e);
        }
    }
}
