package org.keeplora.cli;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Two network namespaces of Linux with a cable between them, each with its own address. Closing deletes them and ends
 * all processes in them.
 */
final class TwoHosts implements AutoCloseable {
    /** The name of the interface in both. */
    static final String INTERFACE = "cable";

    private static final String NOBODY = "02:00:00:00:00:99";

    private final List<String> names = IntStream.range(0, 2)
            .mapToObj(host -> "keeplora-" + ProcessHandle.current().pid() + "-" + host)
            .toList();

    private TwoHosts() {}

    /** Skips the test, with the reason, when this is not allowed. */
    static TwoHosts make() throws IOException, InterruptedException {
        TwoHosts hosts = new TwoHosts();
        try {
            for (String name : hosts.names) {
                ip("netns", "add", name);
            }
            ip(
                    "link",
                    "add",
                    INTERFACE,
                    "netns",
                    hosts.names.get(0),
                    "type",
                    "veth",
                    "peer",
                    "name",
                    INTERFACE,
                    "netns",
                    hosts.names.get(1));
            for (int host = 0; host < 2; host++) {
                hosts.ipIn(host, "addr", "add", address(host) + "/24", "dev", INTERFACE);
                hosts.ipIn(host, "link", "set", INTERFACE, "up");
                hosts.ipIn(host, "link", "set", "lo", "up");
            }
            return hosts;
        } catch (IOException e) {
            hosts.close();
            return abort("no network namespaces here: " + e.getMessage());
        }
    }

    static String address(int host) {
        return "10.77.0." + (host + 1);
    }

    /** {@code command} as a command that runs on {@code host}. */
    List<String> on(int host, List<String> command) {
        List<String> there = new ArrayList<>(List.of("ip", "netns", "exec", names.get(host)));
        there.addAll(command);
        return there;
    }

    /** From this call on, everything sent is lost: there is no error and no connection is reset. */
    void cut() throws IOException, InterruptedException {
        for (int host = 0; host < 2; host++) {
            ipIn(host, "neigh", "replace", address(1 - host), "lladdr", NOBODY, "dev", INTERFACE, "nud", "permanent");
        }
    }

    void mend() throws IOException, InterruptedException {
        for (int host = 0; host < 2; host++) {
            ipIn(host, "neigh", "del", address(1 - host), "dev", INTERFACE);
        }
    }

    /** The addresses at which process 0 and the others listen, as "address:port". */
    List<String> listening(int host) throws IOException, InterruptedException {
        return run(on(host, List.of("cat", "/proc/net/tcp", "/proc/net/tcp6")))
                .lines()
                .map(line -> line.trim().split("\\s+"))
                .filter(fields -> fields.length > 3 && fields[3].equals("0A"))
                .map(fields -> fields[1])
                .toList();
    }

    private void ipIn(int host, String... arguments) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(List.of("-n", names.get(host)));
        all.addAll(List.of(arguments));
        ip(all.toArray(String[]::new));
    }

    private static void ip(String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("ip"));
        command.addAll(List.of(arguments));
        run(command);
    }

    private static String run(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException(String.join(" ", command) + ": " + printed.strip());
        }
        return printed;
    }

    /** Some parts may not exist. */
    @Override
    public void close() throws IOException, InterruptedException {
        for (String name : names) {
            new ProcessBuilder("sh", "-c", "kill -9 $(ip netns pids " + name + ") ; ip netns del " + name)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
        }
    }
}
