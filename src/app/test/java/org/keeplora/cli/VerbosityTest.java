package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code --verbose} and {@code --quiet} for every command, before or after its name. */
final class VerbosityTest {
    private static final Logger PROGRAM = Logger.getLogger("org.keeplora");

    @TempDir
    Path folder;

    @AfterEach
    void logAsBefore() {
        Verbosity.NORMAL.applyToLog();
    }

    @Test
    void everyCommandHasBothOptions() {
        List<CommandLine> commands = new ArrayList<>(List.of(new CommandLine(new Main())));
        for (int i = 0; i < commands.size(); i++) {
            CommandLine command = commands.get(i);
            commands.addAll(command.getSubcommands().values());
            for (String option : List.of("--verbose", "--quiet")) {
                assertTrue(command.getCommandSpec().findOption(option) != null, command.getCommandName() + option);
            }
        }
        assertTrue(commands.size() > 12, "commands were found");
    }

    @Test
    void theStackOfAnErrorThatTheUserCanMendIsShownWhenVerbose() {
        String line =
                "keeplora: no configuration is called 'dmo'; did you mean 'demo'? 'keeplora configs' lists them\n";
        assertEquals(new Printed(2, "", line), Printed.by("configs", "dmo"));
        assertEquals(new Printed(2, "", line), Printed.by("--quiet", "configs", "dmo"));
        for (Printed verbose :
                List.of(Printed.by("configs", "dmo", "--verbose"), Printed.by("--verbose", "configs", "dmo"))) {
            assertEquals(2, verbose.exit());
            assertTrue(verbose.err().startsWith(line + ConfigProblem.class.getName()), verbose.err());
            assertTrue(verbose.err().contains("\tat " + ShippedConfigs.class.getName()), verbose.err());
        }
    }

    @Test
    void theStackOfAnErrorOfTheProgramIsAlwaysShown() {
        StringWriter err = new StringWriter();
        CommandLine command = new CommandLine(new Main()).setErr(new PrintWriter(err, true));
        assertEquals(1, new Main().report(new IllegalArgumentException("rank 0"), command));
        assertTrue(err.toString().startsWith("""
                keeplora: java.lang.IllegalArgumentException: rank 0
                This is an error of the program; please report it with these lines:
                java.lang.IllegalArgumentException: rank 0
                \tat\s"""), err.toString());
    }

    @Test
    void bothAtOnceAreRefused() {
        Printed both = Printed.by("--quiet", "configs", "--verbose");
        assertEquals(2, both.exit());
        assertTrue(both.err().startsWith("--verbose and --quiet contradict each other; give one of them"), both.err());
    }

    @Test
    void theLogHasDetailsOrNothing() {
        Printed.by("configs", "--verbose");
        assertTrue(PROGRAM.isLoggable(Level.FINE));
        assertFalse(Logger.getLogger("org.other").isLoggable(Level.FINE), "libraries' details are nobody's");
        Printed.by("configs", "--quiet");
        assertFalse(PROGRAM.isLoggable(Level.WARNING));
        Printed.by("configs");
        assertTrue(PROGRAM.isLoggable(Level.INFO));
        assertFalse(PROGRAM.isLoggable(Level.FINE));
    }

    private Printed run(String... more) throws IOException {
        Path config = Files.writeString(folder.resolve("run.yaml"), """
                model: builtin:demo
                data: {tasks: [{drawn: digits, train: 1, test: 1}]}
                method: {rank: 2, alpha: 2}
                train: {epochs: 1, batch_size: 4}
                runtime: {threads: 1}
                output: '%s'
                """.replace(
                        "%s", folder.resolve("out").toString()));
        List<String> arguments = new ArrayList<>(List.of("run", "--config", config.toString()));
        arguments.addAll(List.of(more));
        return Printed.by(arguments.toArray(String[]::new));
    }

    @Test
    void aQuietRunPrintsItsResultOnly() throws IOException {
        Printed quiet = run("--quiet");
        assertEquals(0, quiet.exit(), quiet.err());
        assertEquals("", quiet.err());
        assertTrue(quiet.out().contains("Written to " + folder.resolve("out")), quiet.out());
    }

    @Test
    void aRunThatDivergesIsForTheUserToMend() throws IOException {
        Printed diverged = run("--set", "train.learning_rate=1e30");
        assertEquals(2, diverged.exit());
        String error = diverged.err().lines().reduce((before, last) -> last).orElseThrow();
        assertEquals("keeplora: task digits, step 1: the loss is NaN; try a lower learning rate", error);
        assertTrue(
                diverged.err().contains("digits: 10 "),
                "without --quiet a run says how many images it has: " + diverged.err());
    }
}
