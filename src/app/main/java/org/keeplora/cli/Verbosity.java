package org.keeplora.cli;

import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.keeplora.train.RunMonitor.Progress;

/** How much a command prints on the error stream. Its result on the output stream and errors are always printed. */
enum Verbosity {
    /** Nothing but errors. */
    QUIET,
    /** Progress, and notes on data and machine. */
    NORMAL,
    /** Also details in the log, and the stack of every error. */
    VERBOSE;

    /** A strong reference, because a logger without one loses its level. */
    private static final Logger PROGRAM = Logger.getLogger("org.keeplora");

    private static final Level CONFIGURED = PROGRAM.getLevel();

    /** Sets the level of this program's loggers, not those of libraries. */
    void applyToLog() {
        PROGRAM.setLevel(
                switch (this) {
                    case QUIET -> Level.SEVERE;
                    case NORMAL -> CONFIGURED;
                    case VERBOSE -> Level.FINE;
                });
        if (this == VERBOSE) {
            for (Handler handler : Logger.getLogger("").getHandlers()) {
                handler.setLevel(Level.FINE);
            }
        }
    }

    /** Progress bars, lines or nothing. */
    Progress progress() {
        return this == QUIET ? Progress.SILENT : TerminalProgress.orLog();
    }

    /** Prints {@code line}, which is neither a result nor an error. */
    void say(String line) {
        if (this != QUIET) {
            System.err.println(line);
        }
    }
}
