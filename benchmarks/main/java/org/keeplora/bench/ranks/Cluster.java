package org.keeplora.bench.ranks;

/**
 * Ranks and what they run on.
 *
 * @param computeSharing ranks that share one core, or one GPU
 * @param hostSharing ranks that share the threads of one machine, which decode; the program divides runtime.threads by it
 */
record Cluster(String name, int ranks, double computeSharing, double hostSharing, Link link) {
    /** One rank, as it was measured. */
    static final Cluster ONE = new Cluster("1 rank", 1, 1, 1, Link.IDEAL);

    /** Items of {@code items} that rank {@code rank} computes: those of Ranks.share. */
    int share(int items, int rank) {
        return items / ranks + (rank < items % ranks ? 1 : 0);
    }

    /** As {@link #share}, but one item at least: every parameter needs a gradient (train.Share). */
    int shareWithGradient(int items, int rank) {
        return Math.max(1, share(items, rank));
    }
}
