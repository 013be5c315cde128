package org.keeplora.distributed;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.UserError;

/**
 * The processes that compute one run together. They communicate only sums. Each computes everything else itself, to the
 * same bits.
 *
 * <p>Every method that communicates throws {@link LostProcess} when another process cannot be reached within the
 * group's time-out.
 */
public interface ProcessGroup extends AutoCloseable {
    /** A run of one process. */
    ProcessGroup SINGLE = new SingleProcess();

    /** Index of this process, from 0. */
    int index();

    /** Number of processes. */
    int size();

    /** Number of processes on this machine. */
    int localSize();

    /** Whether this is process 0. Only process 0 writes files and prints to the terminal. */
    default boolean isFirst() {
        return index() == 0;
    }

    /**
     * The items of a batch that this process computes: every {@link #size}-th item, from item {@link #index} on. The
     * items of all processes make up the batch. Their numbers differ by at most one; some get none if there are
     * fewer items than processes.
     */
    default int[] localItems(int[] batch) {
        return size() == 1
                ? batch
                : IntStream.range(0, batch.length)
                        .filter(i -> i % size() == index())
                        .map(i -> batch[i])
                        .toArray();
    }

    /** Number of parts in which this process computes its items, one after the other; 1 except in micro-batches. */
    default int parts() {
        return 1;
    }

    /**
     * The items of a batch that this process computes in one of its {@link #parts}. The parts of all processes make up
     * the batch; some may be empty.
     */
    default int[] localItems(int[] batch, int part) {
        return localItems(batch);
    }

    /** Whether every number of processes computes the same bits, because parts and order of sums are fixed. */
    default boolean isOrdered() {
        return false;
    }

    /**
     * The same processes, computing a batch in {@code count} parts whose sums are added in one order. Any number of
     * processes then computes the same bits if processors and threads per process are alike. Closed with this group.
     *
     * @param count a power of two that {@link #size} divides
     * @throws IllegalArgumentException when it is not
     */
    ProcessGroup inMicroBatches(int count);

    /**
     * Replaces every tensor by its sum over all processes, which has the same bits on all of them.
     *
     * @param what for errors
     * @param tensors contiguous, on one device, of the same shapes and types on every process
     */
    default void sum(String what, List<Tensor> tensors) {
        begin(what, tensors).await();
    }

    /**
     * Σ over the items of all batches, over the parts of a process and over all processes: the one reduction over data.
     * Parts are added in the order of {@link PairwiseSum}.
     *
     * @param what for errors
     * @param batches of all processes, each with at least one item; iterated once for each of {@link #parts}
     * @return the sums, in the caller's scope, with the same bits on all processes
     */
    default List<Tensor> sum(String what, Iterable<int[]> batches, Accumulator terms) {
        PairwiseSum total = new PairwiseSum();
        for (int part = 0; part < parts(); part++) {
            for (int[] batch : batches) {
                LocalBatch local = LocalBatch.of(batch, this, part);
                if (local.isOwn()) {
                    try (PointerScope scope = new PointerScope()) {
                        terms.add(local);
                    }
                }
            }
            try (PointerScope scope = new PointerScope()) {
                total.add(terms.take());
            }
        }
        List<Tensor> sums = total.total();
        sum(what, sums);
        return sums;
    }

    /**
     * Begins a {@link #sum}. Nothing may use the tensors until it has finished. Every process begins the same
     * collectives in the same order.
     *
     * @return the tensors
     */
    Pending<List<Tensor>> begin(String what, List<Tensor> tensors);

    /**
     * Begins to gather the rows of all processes. The backward pass, which all processes run before they gather again,
     * gives each process's rows the gradient of the sum of all losses. This sum runs while the pass goes through what
     * was computed after the rows.
     *
     * @param own [items x columns]: the rows at the items of {@code local}; with or without gradient history
     * @param local of the rows from 0 up to, but not including, total; every row belongs to one process
     * @return [total x columns], in the caller's scope
     */
    Pending<Tensor> gather(String what, Tensor own, LocalBatch local, int total);

    /**
     * The bytes of process 0.
     *
     * @param bytes of process 0; the bytes of other processes are ignored
     */
    byte[] broadcast(String what, byte[] bytes);

    /**
     * Requires that something is the same on all processes.
     *
     * @param what with its verb, as "the configuration is"
     * @param digest of it, from {@link #digest}
     * @param advice what to do if it differs
     * @throws UserError on every process, naming those that differ from process 0
     */
    void requireSame(String what, MessageDigest digest, String advice);

    /** A new digest for {@link #requireSame}. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * Lets tensors on a GPU be summed too from now on, by NCCL, on the first GPU that this process sees. Needs the GPU
     * build of libtorch.
     */
    void joinOnGpus();

    /**
     * Begins a training.
     *
     * @param parameters require gradients, are the same on every process, and are in the order in which a forward pass
     *     reaches them
     */
    GradientSum gradients(List<Tensor> parameters);

    /** The data that this process has passed to collectives so far. */
    Traffic traffic();

    /**
     * Reports to the other processes that this one has failed and ends. They cannot continue without it; their error
     * contains {@code reason}.
     */
    void leave(String reason);

    @Override
    void close();
}
