package org.keeplora.cli;

import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.keeplora.store.RunCheck;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Checks a run's folder against its checksums. */
@Command(
        name = "verify",
        mixinStandardHelpOptions = true,
        description =
                "Check every file of a finished run, or the states of an unfinished one, against their checksums.")
final class VerifyCommand implements Callable<Integer> {
    @Parameters(paramLabel = "RUN", description = "Folder of the run.")
    private Path run;

    @Override
    public Integer call() {
        System.out.println(RunCheck.verify(run));
        return Main.OK;
    }
}
