package org.keeplora.distributed;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.Socket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;
import org.keeplora.store.UserError;

/** Tests the connection to process 0 before c10d opens it. C10d waits too long and its messages say too little. */
final class FirstContact {
    private static final Duration PAUSE = Duration.ofMillis(200);

    private FirstContact() {}

    /** @throws UserError when this machine does not have the interface, naming those it has */
    static void requireInterface(Rendezvous.Meeting meeting) {
        meeting.networkInterface().ifPresent(name -> {
            try {
                if (NetworkInterface.getByName(name) == null) {
                    String known = NetworkInterface.networkInterfaces()
                            .map(NetworkInterface::getName)
                            .sorted()
                            .collect(Collectors.joining(", "));
                    throw new UserError(String.format(
                            Locale.ROOT,
                            "%s is %s, which host %s does not have; it has %s",
                            Rendezvous.INTERFACE,
                            name,
                            HeartbeatMessage.hostName(),
                            known));
                }
            } catch (SocketException e) {
                throw new UserError(Rendezvous.INTERFACE + " is " + name + ": " + e.getMessage(), e);
            }
        });
    }

    /** Returns when a connection to the store of process 0 succeeds, or the obstacle after the time-out. */
    static Optional<String> obstacle(Rendezvous.Meeting meeting) {
        long end = System.nanoTime() + meeting.timeout().toNanos();
        while (true) {
            Optional<String> obstacle = obstacle(meeting, (end - System.nanoTime()) / 1_000_000);
            if (obstacle.isEmpty() || System.nanoTime() + PAUSE.toNanos() > end) {
                return obstacle;
            }
            try {
                Thread.sleep(PAUSE.toMillis());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return Optional.of("interrupted");
            }
        }
    }

    private static Optional<String> obstacle(Rendezvous.Meeting meeting, long millis) {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(meeting.address(), meeting.port()), (int) Math.max(1, millis));
            return Optional.empty();
        } catch (UnknownHostException e) {
            return Optional.of("host " + HeartbeatMessage.hostName() + " knows no machine of that name");
        } catch (IOException e) {
            return Optional.of(e.getMessage());
        }
    }
}
