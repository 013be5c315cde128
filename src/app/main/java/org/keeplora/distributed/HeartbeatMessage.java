package org.keeplora.distributed;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What a process writes into the store about itself.
 *
 * @param host its host's name
 * @param process its process number on that host
 * @param number of this beat, from 0
 */
record HeartbeatMessage(String host, long process, long number, Stage stage) {
    private static final String SEPARATOR = "\t";

    /**
     * The progress of a process.
     *
     * @param count number of collectives it has begun
     * @param what the last of them
     */
    record Stage(long count, String what) {
        Stage next(String name) {
            return new Stage(count + 1, name);
        }
    }

    /** The message of this process. */
    static HeartbeatMessage here(long number, Stage stage) {
        return new HeartbeatMessage(hostName(), ProcessHandle.current().pid(), number, stage);
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "with unknown name";
        }
    }

    /** Parses what {@link #text} made. */
    static HeartbeatMessage of(String text) {
        String[] parts = text.split(SEPARATOR, 5);
        Stage stage = new Stage(Long.parseLong(parts[3]), parts[4]);
        return new HeartbeatMessage(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), stage);
    }

    String text() {
        return String.join(
                SEPARATOR,
                host,
                Long.toString(process),
                Long.toString(number),
                Long.toString(stage.count()),
                stage.what());
    }

    /** Text for messages. */
    String of(int index) {
        return "process " + index + " (host " + host + ", pid " + process + ")";
    }
}
