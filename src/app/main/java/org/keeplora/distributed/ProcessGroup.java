package org.keeplora.distributed;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.UserError;

/**
 * The processes that compute one run together. What they share are sums; everything else is computed by each, to the
 * same bits.
 *
 * <p>Every method that communicates ends with {@link LostProcess} when another process cannot be reached within the
 * group's time-out.
 */
public interface ProcessGroup extends AutoCloseable {
    /** A run of one process. */
    ProcessGroup SINGLE = new SingleProcess();

    /** Number of this process, from 0. */
    int index();

    /** How many there are. */
    int size();

    /** How many of them run on this machine. */
    int localSize();

    /** Whether this is process 0, which alone writes files and talks to people. */
    default boolean isFirst() {
        return index() == 0;
    }

    /**
     * What this process computes of a batch: every {@link #size}-th item, from item {@link #index} on. The items of all
     * processes are the batch; their numbers differ by one item at most, and some are empty where there are fewer items
     * than processes.
     */
    default int[] localItems(int[] batch) {
        return size() == 1
                ? batch
                : IntStream.range(0, batch.length)
                        .filter(i -> i % size() == index())
                        .map(i -> batch[i])
                        .toArray();
    }

    /** In how many parts, one after the other, this process computes what is summed; 1, but in micro-batches. */
    default int parts() {
        return 1;
    }

    /**
     * What this process computes of a batch in one of its {@link #parts}; the parts of all processes are the batch, and
     * some may be empty.
     */
    default int[] localItems(int[] batch, int part) {
        return localItems(batch);
    }

    /** Whether parts and sums are such that every number of processes computes the same bits. */
    default boolean isOrdered() {
        return false;
    }

    /**
     * The same processes, which compute a batch in {@code count} parts whose sums are added in one order, so that any
     * number of processes computes the same bits where processors and threads of a process are alike. Closed with
     * these.
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
     * @param batches of all processes, each with an item at least; gone through once for each of {@link #parts}
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
     * Begins a {@link #sum}; nobody looks at the tensors until it has come. Every process begins the same things in the
     * same order.
     *
     * @return the tensors
     */
    Pending<List<Tensor>> begin(String what, List<Tensor> tensors);

    /**
     * Begins to put the rows of all processes together. In a backward pass, which all processes make before they gather
     * again, each process's rows get the gradient of the sum of all losses; it travels while the pass goes through what
     * was computed after them.
     *
     * @param own [items x columns]: the rows at the items of {@code local}; with gradient history or without
     * @param local of the rows 0 to total, without that; every row is in one process's
     * @return [total x columns], in the caller's scope
     */
    Pending<Tensor> gather(String what, Tensor own, LocalBatch local, int total);

    /**
     * What process 0 gave.
     *
     * @param bytes of process 0; what other processes give is not looked at
     */
    byte[] ofFirst(String what, byte[] bytes);

    /**
     * Compares something that must not differ between processes.
     *
     * @param what with its verb, as "the configuration is"
     * @param digest of it, from {@link #digest}
     * @param advice what to do where it differs
     * @throws UserError on every process, naming those that differ from process 0
     */
    void requireSame(String what, MessageDigest digest, String advice);

    /** For {@link #requireSame}. */
    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /**
     * From now on tensors on a GPU can be summed too, by NCCL, on the first GPU that this process sees; needs the GPU
     * build of libtorch.
     */
    void joinOnGpus();

    /**
     * Begins a training.
     *
     * @param parameters require gradients, are the same on every process, and stand in the order in which a forward
     *     pass comes to them
     */
    GradientSum gradients(List<Tensor> parameters);

    /** What this process has given to collectives so far. */
    Traffic traffic();

    /** This process fails by itself and ends; the others, which cannot go on without it, are told {@code reason}. */
    void leave(String reason);

    @Override
    void close();
}
