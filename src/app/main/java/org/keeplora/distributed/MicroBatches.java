package org.keeplora.distributed;

import java.security.MessageDigest;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * A process group that divides every batch into a fixed number of parts, whatever the number of processes. Each part
 * has its own passes, and the results are added in the order of {@link PairwiseSum}. If processors and threads per
 * process are alike, 1, 2, 4 and more processes then compute the same bits, so a run can resume with another number of
 * processes.
 *
 * <p>The costs: passes over smaller parts, gradients that are sent only when complete, and a text tower in which every
 * process computes all class prompts.
 */
final class MicroBatches implements ProcessGroup {
    private final ProcessGroup group;
    private final InOrder sums;
    private final int count;

    /** Sums over the processes in the order of {@link PairwiseSum}; the order does not matter for two processes. */
    interface InOrder {
        Pending<List<Tensor>> begin(String what, List<Tensor> tensors);
    }

    /**
     * Divides every batch.
     *
     * @param count number of parts over all processes of {@code group}
     * @throws IllegalArgumentException when the processes do not get equally many parts, or {@code count} is not a
     *     power of two
     */
    MicroBatches(ProcessGroup group, InOrder sums, int count) {
        if (Integer.bitCount(count) != 1 || count % group.size() != 0) {
            throw new IllegalArgumentException(count + " micro-batches over " + group.size()
                    + " processes: micro-batches must be a power of two that the number of processes divides");
        }
        this.group = group;
        this.sums = sums;
        this.count = count;
    }

    @Override
    public int parts() {
        return count / size();
    }

    @Override
    public boolean isOrdered() {
        return true;
    }

    /** Every {@code count}-th item; the parts of a process are consecutive. */
    @Override
    public int[] localItems(int[] batch, int part) {
        int number = index() * parts() + part;
        return IntStream.range(0, batch.length)
                .filter(i -> i % count == number)
                .map(i -> batch[i])
                .toArray();
    }

    /** Sums of integers are the same in any order. */
    @Override
    public Pending<List<Tensor>> begin(String what, List<Tensor> tensors) {
        return tensors.stream().anyMatch(Tensor::is_floating_point)
                ? sums.begin(what, tensors)
                : group.begin(what, tensors);
    }

    @Override
    public GradientSum gradients(List<Tensor> parameters) {
        return new OrderedGradients(this, parameters);
    }

    @Override
    public ProcessGroup inMicroBatches(int other) {
        return group.inMicroBatches(other);
    }

    @Override
    public int index() {
        return group.index();
    }

    @Override
    public int size() {
        return group.size();
    }

    @Override
    public int localSize() {
        return group.localSize();
    }

    @Override
    public Pending<Tensor> gather(String what, Tensor own, LocalBatch local, int total) {
        return group.gather(what, own, local, total);
    }

    @Override
    public byte[] broadcast(String what, byte[] bytes) {
        return group.broadcast(what, bytes);
    }

    @Override
    public void requireSame(String what, MessageDigest digest, String advice) {
        group.requireSame(what, digest, advice);
    }

    @Override
    public void joinOnGpus() {
        group.joinOnGpus();
    }

    @Override
    public Traffic traffic() {
        return group.traffic();
    }

    @Override
    public void leave(String reason) {
        group.leave(reason);
    }

    @Override
    public void close() {
        group.close();
    }
}
