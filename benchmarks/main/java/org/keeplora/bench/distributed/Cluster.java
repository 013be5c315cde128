package org.keeplora.bench.distributed;

/**
 * Processes and what they run on.
 *
 * @param computeSharing processes that share one core, or one GPU
 * @param hostSharing processes that share the threads of one machine, which decode; the program divides runtime.threads
 *     by it
 */
record Cluster(String name, int processes, double computeSharing, double hostSharing, Link link) {
    /** One process, as it was measured. */
    static final Cluster ONE = new Cluster("1 process", 1, 1, 1, Link.IDEAL);

    /** Items of {@code items} that process {@code process} computes: those of ProcessGroup.share. */
    int share(int items, int process) {
        return items / processes + (process < items % processes ? 1 : 0);
    }

    /** As {@link #share}, but one item at least: every parameter needs a gradient (distributed.LocalBatch). */
    int shareWithGradient(int items, int process) {
        return Math.max(1, share(items, process));
    }
}
