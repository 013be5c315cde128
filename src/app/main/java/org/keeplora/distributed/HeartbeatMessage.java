package org.keeplora.distributed;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What a process says of itself.
 *
 * @param host its name
 * @param process its number there
 * @param number of this beat, from 0
 */
record HeartbeatMessage(String host, long process, long number, Stage stage) {
    private static final String SEPARATOR = "\t";

    /**
     * Where a process is.
     *
     * @param count how many collectives it has begun
     * @param what the last of them
     */
    record Stage(long count, String what) {
        Stage next(String name) {
            return new Stage(count + 1, name);
        }
    }

    /** Of this process. */
    static HeartbeatMessage here(long number, Stage stage) {
        return new HeartbeatMessage(hostName(), ProcessHandle.current().pid(), number, stage);
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "of unknown name";
        }
    }

    /** What {@link #text} made. */
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

    /** For people. */
    String of(int index) {
        return "process " + index + " (host " + host + ", pid " + process + ")";
    }
}
