package org.keeplora.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.keeplora.ranks.LostRank;
import org.keeplora.train.RunStopped;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.ParseResult;

/** The command line. Exit codes: 0 done, 2 something the user can mend (one line says what), 3 another rank is lost, 1 an error of the program. */
@Command(
        name = "keeplora",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        subcommands = {
            DemoCommand.class,
            RunCommand.class,
            ResumeCommand.class,
            VerifyCommand.class,
            EvaluateCommand.class,
            ReportCommand.class,
            CompareCommand.class,
            SpectrumCommand.class,
            ConfigsCommand.class,
            DataCommand.class,
            DoctorCommand.class,
            PretrainCommand.class
        },
        description = "Continual learning of vision-language models with KeepLoRA.",
        footer = "Exit codes: 0 done, 1 error of the program, 2 error in what it was given, 3 another rank is lost.")
public final class Main implements Runnable {
    static final int OK = 0;
    static final int PROGRAM_ERROR = 1;
    static final int USER_ERROR = 2;
    static final int LOST_RANK = 3;

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"keeplora " + Versions.all().get("keeplora4j")};
        }
    }

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // what this program writes is read by programs, and by people who compare it
        System.setProperty("java.util.logging.SimpleFormatter.format", "%5$s%6$s%n");
        System.exit(execute(arguments));
    }

    /** Runs one command and returns its exit code. */
    static int execute(String... arguments) {
        return new CommandLine(new Main())
                .setExecutionExceptionHandler(Main::report)
                .execute(arguments);
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    private static int report(Exception error, CommandLine command, ParseResult parsed) {
        if (error instanceof RunStopped) {
            return PROGRAM_ERROR; // a signal ends the process with its own code, and who caught it has said what to do
        }
        boolean user = error instanceof IllegalArgumentException
                || error instanceof IOException
                || error instanceof UncheckedIOException;
        boolean verbose = command.getCommand() instanceof RunCommand run && run.verbose();
        command.getErr().println("keeplora: " + error.getMessage());
        if (error instanceof LostRank) {
            return LOST_RANK;
        }
        if (verbose) {
            error.printStackTrace(command.getErr());
        } else if (!user) {
            command.getErr()
                    .println("This is an error of the program ("
                            + error.getClass().getSimpleName() + "); --verbose shows where it happened.");
        }
        return user ? USER_ERROR : PROGRAM_ERROR;
    }
}
