package org.keeplora.distributed;

import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * What a rank says of itself.
 *
 * @param host its name
 * @param process its number there
 * @param number of this beat, from 0
 */
record Beat(String host, long process, long number, Stage stage) {
    private static final String SEPARATOR = "\t";

    /**
     * Where a rank is.
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
    static Beat here(long number, Stage stage) {
        return new Beat(hostName(), ProcessHandle.current().pid(), number, stage);
    }

    static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            return "of unknown name";
        }
    }

    /** What {@link #text} made. */
    static Beat of(String text) {
        String[] parts = text.split(SEPARATOR, 5);
        Stage stage = new Stage(Long.parseLong(parts[3]), parts[4]);
        return new Beat(parts[0], Long.parseLong(parts[1]), Long.parseLong(parts[2]), stage);
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
    String of(int rank) {
        return "rank " + rank + " (host " + host + ", process " + process + ")";
    }
}
