package org.keeplora.bench.distributed;

/**
 * Processes and their hardware.
 *
 * @param computeSharing number of processes on one core, or one GPU
 * @param hostSharing number of processes that divide the threads of one machine, which decode; the program divides
 *     runtime.threads by it
 */
record Cluster(String name, int processes, double computeSharing, double hostSharing, Link link) {
    /** One process, as measured. */
    static final Cluster ONE = new Cluster("1 process", 1, 1, 1, Link.IDEAL);

    /** How many of {@code items} process {@code process} computes, as in ProcessGroup.localItems. */
    int localItems(int items, int process) {
        return items / processes + (process < items % processes ? 1 : 0);
    }

    /** As {@link #localItems}, but at least one item: every parameter needs a gradient (distributed.LocalBatch). */
    int localItemsWithGradient(int items, int process) {
        return Math.max(1, localItems(items, process));
    }
}
