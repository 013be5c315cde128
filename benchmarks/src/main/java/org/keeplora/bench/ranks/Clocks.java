package org.keeplora.bench.ranks;

import java.util.Arrays;
import java.util.List;

/**
 * A clock for every rank, and the network between them. Events are the ends of computations, which move one clock, and of sums, which
 * begin when the last rank has come and end for all at once; one sum is on the network at a time.
 */
final class Clocks {
    private final Link link;
    private final double[] now;
    private double delay;
    private double transfer;
    private double sentBytes;
    private long sums;

    Clocks(int ranks, Link link) {
        this.link = link;
        this.now = new double[ranks];
    }

    int ranks() {
        return now.length;
    }

    /** Time of the last rank. */
    double last() {
        return Arrays.stream(now).max().orElseThrow();
    }

    /** All ranks go on together, as at the end of a stage. */
    void meet() {
        Arrays.fill(now, last());
    }

    void compute(int rank, double seconds) {
        now[rank] += seconds;
    }

    /** A sum that nothing hides. */
    void sum(Collective collective) {
        double itsDelay = collective.delay(link, ranks());
        double itsTransfer = collective.transfer(link, ranks());
        delay += itsDelay;
        transfer += itsTransfer;
        send(collective.bytes(), collective.sums());
        Arrays.fill(now, last() + itsDelay + itsTransfer);
    }

    /**
     * A backward pass with its buckets: a bucket is summed when the last rank has its gradients and the bucket before it is through.
     *
     * @param text seconds of the text tower's backward pass, one for each rank
     * @param vision of the vision tower's, which comes after it
     */
    void backward(List<Bucket> buckets, double[] text, double[] vision) {
        double network = 0;
        double bucketsDelay = 0;
        double bucketsTransfer = 0;
        for (Bucket bucket : buckets) {
            double ready = 0;
            for (int rank = 0; rank < ranks(); rank++) {
                ready = Math.max(ready, now[rank] + bucket.ready(text[rank], vision[rank]));
            }
            network = Math.max(network, ready) + link.sum(bucket.bytes(), ranks());
            bucketsDelay += link.delay(1, ranks());
            bucketsTransfer += link.transfer(bucket.bytes(), ranks());
            send(bucket.bytes(), 1);
        }
        for (int rank = 0; rank < ranks(); rank++) {
            now[rank] += text[rank] + vision[rank];
        }
        double exposed = Math.max(0, network - last());
        double all = bucketsDelay + bucketsTransfer;
        if (all > 0) {
            delay += exposed * bucketsDelay / all;
            transfer += exposed * bucketsTransfer / all;
        }
        Arrays.fill(now, last() + exposed);
    }

    private void send(long payload, int itsSums) {
        sentBytes += Link.sentBytes(payload, ranks());
        sums += itsSums;
    }

    /** Seconds that all ranks waited for small messages. */
    double delay() {
        return delay;
    }

    /** Seconds that all ranks waited for bytes. */
    double transfer() {
        return transfer;
    }

    /** Bytes that each rank sent. */
    double sentBytes() {
        return sentBytes;
    }

    /** Sums that went over the network. */
    long sums() {
        return sums;
    }
}
