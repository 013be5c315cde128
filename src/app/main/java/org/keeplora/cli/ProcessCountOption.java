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

/** The option that divides a run among processes. Also reads torchrun's environment variables. */
final class ProcessCountOption {
    @Option(
            names = "--nproc",
            paramLabel = "N",
            description =
                    "Divide the run among N processes on this machine. On several machines start one process on each"
                            + " with torchrun's variables (RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT) instead.")
    private Integer count;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The work of one process. */
    interface Work {
        void in(ProcessGroup group) throws IOException;
    }

    /**
     * Runs {@code work} in this process, in a process group if the environment says so, or starts several processes.
     * Returns the exit code.
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

    /** Joins the process group and runs {@code work}. If it fails, the other processes get the reason. */
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
