package org.keeplora.cli;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.keeplora.distributed.C10dProcessGroup;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.distributed.Rendezvous;
import org.keeplora.torch.Libtorch;
import org.keeplora.train.Checkpoints;
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
        void in(ProcessGroup group) throws IOException;
    }

    /**
     * Does {@code work} in this process, as one of a group where the environment says so, or in several; returns the
     * exit code.
     */
    int run(Work work) throws IOException {
        Optional<Rendezvous> place = Rendezvous.of(System.getenv());
        if (place.isEmpty() && count != null) {
            ConfigProblem.unless(count >= 1, "--nproc is %s; it must be at least 1", count);
            List<String> arguments =
                    command.root().commandLine().getParseResult().originalArgs();
            return LocalProcesses.run(count, arguments);
        }
        place.ifPresent(any -> LocalProcesses.endWithSupervisor());
        join(place, work);
        return Main.OK;
    }

    /** When {@code work} fails, the other processes are told why. */
    private static void join(Optional<Rendezvous> place, Work work) throws IOException {
        try (ProcessGroup group = group(place)) {
            try {
                work.in(group);
            } catch (Checkpoints.Stopped e) {
                throw e;
            } catch (IOException | RuntimeException e) {
                group.leave(String.valueOf(e.getMessage()));
                throw e;
            }
        }
    }

    private static ProcessGroup group(Optional<Rendezvous> place) {
        if (place.isEmpty()) {
            return ProcessGroup.SINGLE;
        }
        Libtorch.load();
        return C10dProcessGroup.join(place.get());
    }
}
