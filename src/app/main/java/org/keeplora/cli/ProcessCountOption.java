package org.keeplora.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.keeplora.distributed.Rendezvous;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The option with which a run is spread over processes, and what torchrun's environment variables make of it. */
final class ProcessCountOption {
    @Option(
            names = "--nproc",
            paramLabel = "N",
            description = "Share the run among N processes on this machine. On several machines start one on each"
                    + " with torchrun's variables (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT) instead.")
    private Integer count;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** What one process does. */
    interface Work {
        void of(Optional<Rendezvous> place) throws IOException;
    }

    /** Does {@code work} in this process, as one of a group where the environment says so, or in several; returns the exit code. */
    int run(Work work) throws IOException {
        Optional<Rendezvous> place = Rendezvous.of(System.getenv());
        if (place.isEmpty() && count != null) {
            ConfigProblem.unless(count >= 1, "--nproc is %s; it must be at least 1", count);
            List<String> arguments =
                    command.root().commandLine().getParseResult().originalArgs();
            return LocalProcesses.run(count, arguments);
        }
        place.ifPresent(any -> LocalProcesses.endWithSupervisor());
        work.of(place);
        return Main.OK;
    }
}
