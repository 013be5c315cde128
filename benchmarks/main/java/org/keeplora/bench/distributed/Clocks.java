package org.keeplora.bench.distributed;

import java.util.Arrays;
import java.util.List;

/**
 * A clock for every process, and the network between them. An event is the end of a computation or of a sum. A
 * computation moves one clock. A sum begins when the last process arrives and ends for all at once; meanwhile processes
 * compute or wait. The network carries one sum at a time.
 */
final class Clocks {
    private final Link link;
    private final double[] now;
    /** When the network has finished all sums that have begun. */
    private double free;
    /** Delay of the sums that began since processes last waited for a result. */
    private double begunDelay;

    private double begunTransfer;
    private double delay;
    private double transfer;
    private double sentBytes;
    private long sums;

    Clocks(int processes, Link link) {
        this.link = link;
        this.now = new double[processes];
    }

    int processes() {
        return now.length;
    }

    /** The time of the last process. */
    double last() {
        return Arrays.stream(now).max().orElseThrow();
    }

    /** Synchronises all processes, as at the end of a stage. */
    void meet() {
        Arrays.fill(now, last());
    }

    void compute(int process, double seconds) {
        now[process] += seconds;
    }

    /** A sum that does not overlap with a computation. */
    void sum(Collective collective) {
        await(begin(collective));
    }

    /** Begins a sum; returns the time at which all processes have it. */
    double begin(Collective collective) {
        return begin(last(), collective);
    }

    private double begin(double ready, Collective collective) {
        double delay = collective.delay(link, processes());
        double transfer = collective.transfer(link, processes());
        begunDelay += delay;
        begunTransfer += transfer;
        sentBytes += Link.sentBytes(collective.bytes(), processes());
        sums += collective.sums();
        free = Math.max(free, ready) + delay + transfer;
        return free;
    }

    /**
     * Makes all processes wait until {@code arrival}. Time that does not overlap with a computation is attributed to
     * the sums that began since the last wait.
     */
    void await(double arrival) {
        double exposed = Math.max(0, arrival - last());
        double all = begunDelay + begunTransfer;
        if (all > 0) {
            delay += exposed * begunDelay / all;
            transfer += exposed * begunTransfer / all;
        }
        begunDelay = 0;
        begunTransfer = 0;
        for (int process = 0; process < processes(); process++) {
            now[process] = Math.max(now[process], arrival);
        }
    }

    /**
     * A backward pass with its buckets. A bucket is summed when the last process has its gradients and all earlier sums
     * are finished.
     *
     * @param vision seconds of the vision tower's part, one for each process
     * @param features when the gradients of the text features are ready
     * @param text seconds of the text tower's part, which needs them
     */
    void backward(List<Bucket> buckets, double[] vision, double features, double[] text) {
        double[] begin = now.clone();
        add(vision);
        await(features);
        double[] textBegin = now.clone();
        add(text);
        double arrival = free;
        for (Bucket bucket : buckets) {
            double ready = 0;
            for (int process = 0; process < processes(); process++) {
                ready = Math.max(
                        ready, bucket.ready(begin[process], vision[process], textBegin[process], text[process]));
            }
            arrival = begin(ready, bucket.sum());
        }
        await(arrival);
        meet();
    }

    private void add(double... seconds) {
        Arrays.setAll(now, process -> now[process] + seconds[process]);
    }

    /** Seconds that all processes waited for small messages. */
    double delay() {
        return delay;
    }

    /** Seconds that all processes waited for bytes. */
    double transfer() {
        return transfer;
    }

    /** Bytes that each process sent. */
    double sentBytes() {
        return sentBytes;
    }

    /** Number of sums on the network. */
    long sums() {
        return sums;
    }
}
