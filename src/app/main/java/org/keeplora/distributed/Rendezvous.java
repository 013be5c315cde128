package org.keeplora.distributed;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keeplora.store.UserError;

/**
 * Which process of a run this is, and where the processes meet.
 *
 * @param index of this process, from 0
 * @param size number of processes
 * @param localSize number of processes on this machine
 */
public record Rendezvous(int index, int size, int localSize, Meeting meeting) {
    /**
     * How the processes of one run find each other; the same for all of them.
     *
     * @param address name or IP address of process 0's machine
     * @param port of the store on that machine
     * @param networkInterface that carries the sums; without one, Gloo takes the interface of the machine's host name
     * @param timeout after which a process that does not answer counts as lost
     */
    public record Meeting(String address, int port, Optional<String> networkInterface, Duration timeout) {
        public Meeting {
            require(port >= 1 && port <= LARGEST_PORT, MASTER_PORT, port, "1 to " + LARGEST_PORT);
            require(timeout.toMillis() >= 1, TIMEOUT, timeout.toSeconds(), "at least 1");
        }
    }

    /** Set by torchrun for every process; without it a process runs alone. */
    public static final String RANK = "RANK";

    public static final String WORLD_SIZE = "WORLD_SIZE";
    public static final String LOCAL_RANK = "LOCAL_RANK";
    public static final String LOCAL_WORLD_SIZE = "LOCAL_WORLD_SIZE";
    public static final String MASTER_ADDR = "MASTER_ADDR";
    public static final String MASTER_PORT = "MASTER_PORT";

    /** Name of the network interface, as for PyTorch. */
    public static final String INTERFACE = "GLOO_SOCKET_IFNAME";

    /** Seconds after which a process that does not answer counts as lost. */
    public static final String TIMEOUT = "KEEPLORA_RANK_TIMEOUT";

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(300);
    private static final int LARGEST_PORT = 65535;

    public Rendezvous {
        require(size >= 1, WORLD_SIZE, size, "at least 1");
        require(index >= 0 && index < size, RANK, index, "0 to " + (size - 1));
        require(localSize >= 1 && localSize <= size, LOCAL_WORLD_SIZE, localSize, "1 to " + size);
    }

    private static void require(boolean holds, String name, long value, String range) {
        if (!holds) {
            throw new UserError(name + " is " + value + "; it must be " + range);
        }
    }

    /**
     * Reads the variables that torchrun sets; empty without RANK and WORLD_SIZE.
     *
     * @throws UserError naming the variable that is missing or wrong
     */
    public static Optional<Rendezvous> of(Map<String, String> environment) {
        if (!environment.containsKey(RANK) && !environment.containsKey(WORLD_SIZE)) {
            return Optional.empty();
        }
        for (String name : List.of(RANK, WORLD_SIZE, MASTER_ADDR, MASTER_PORT)) {
            if (!environment.containsKey(name)) {
                throw new UserError(name + " is not set, though "
                        + (environment.containsKey(RANK) ? RANK : WORLD_SIZE)
                        + " is; one process of several needs RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, as torchrun sets"
                        + " them");
            }
        }
        Meeting meeting = new Meeting(
                environment.get(MASTER_ADDR),
                number(environment, MASTER_PORT),
                Optional.ofNullable(environment.get(INTERFACE)),
                environment.containsKey(TIMEOUT) ? Duration.ofSeconds(number(environment, TIMEOUT)) : DEFAULT_TIMEOUT);
        int localSize = environment.containsKey(LOCAL_WORLD_SIZE) ? number(environment, LOCAL_WORLD_SIZE) : 1;
        return Optional.of(
                new Rendezvous(number(environment, RANK), number(environment, WORLD_SIZE), localSize, meeting));
    }

    private static int number(Map<String, String> environment, String name) {
        try {
            return Integer.parseInt(environment.get(name));
        } catch (NumberFormatException e) {
            throw new UserError(name + " is \"" + environment.get(name) + "\"; it must be a whole number", e);
        }
    }
}
