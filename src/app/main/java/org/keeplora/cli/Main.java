package org.keeplora.cli;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.ScopeType;

/**
 * The command line. Exit codes: 0 done, 1 an error of the program (its stack is printed), 2 a problem that the user can
 * fix (one line describes it), 3 another process is lost.
 */
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
        footer = "Exit codes: 0 done, 1 error of the program, 2 a problem you can fix, 3 another process is lost.")
public final class Main implements Runnable {
    static final int OK = 0;
    static final int PROGRAM_ERROR = 1;
    static final int USER_ERROR = 2;
    static final int LOST_PROCESS = 3;

    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"keeplora " + Versions.all().get("keeplora4j")};
        }
    }

    @Option(
            names = "--verbose",
            scope = ScopeType.INHERIT,
            description = "Log details, and show the stack of every error.")
    private boolean verbose;

    @Option(names = "--quiet", scope = ScopeType.INHERIT, description = "Print only errors and the result.")
    private boolean quiet;

    public static void main(String[] arguments) {
        Locale.setDefault(Locale.ROOT); // programs read the output, so its format must not depend on the locale
        System.setProperty("java.util.logging.SimpleFormatter.format", "%5$s%6$s%n");
        System.exit(execute(arguments));
    }

    /** Runs one command and returns its exit code. */
    static int execute(String... arguments) {
        Main main = new Main();
        return new CommandLine(main)
                .setExecutionStrategy(main::run)
                .setExecutionExceptionHandler((error, command, parsed) -> main.report(error, command))
                .execute(arguments);
    }

    /** Runs the command as picocli does, but also reports errors of the JVM, which a user can often fix. */
    private int run(ParseResult parsed) {
        List<CommandLine> commands = parsed.asCommandLineList();
        CommandLine command = commands.get(commands.size() - 1);
        if (verbose && quiet) {
            throw new ParameterException(command, "--verbose and --quiet contradict each other; give one of them");
        }
        verbosity().applyToLog();
        try {
            return new CommandLine.RunLast().execute(parsed);
        } catch (Error e) {
            return report(e, command);
        }
    }

    /** The verbosity from the options, which may stand before or after the name of a command. */
    Verbosity verbosity() {
        return verbose ? Verbosity.VERBOSE : quiet ? Verbosity.QUIET : Verbosity.NORMAL;
    }

    @Override
    public void run() {
        CommandLine.usage(this, System.out);
    }

    int report(Throwable error, CommandLine command) {
        Optional<Failure> failure = Failure.of(error);
        if (failure.isEmpty()) {
            return PROGRAM_ERROR; // the signal sets the exit code, and its handler has printed the advice
        }
        int exit = failure.get().exit();
        command.getErr().println("keeplora: " + failure.get().line());
        if (exit == PROGRAM_ERROR) {
            command.getErr().println("This is an error of the program; please report it with these lines:");
        }
        if (exit == PROGRAM_ERROR || verbose) {
            error.printStackTrace(command.getErr());
        }
        return exit;
    }
}
