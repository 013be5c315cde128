package org.keeplora.distributed;

import java.security.MessageDigest;
import java.util.List;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Ranks that compute a batch in a number of parts that does not depend on how many ranks there are, each with passes of its own, and add
 * what the parts give in one order, {@link PairwiseSum}'s. Where processors and threads of a rank are alike, 1, 2, 4 and more ranks then
 * compute the same bits, so that a run may go on with another number of them as if nothing had happened.
 *
 * <p>What this costs: passes over smaller parts, gradients that travel only when they are complete, and a text tower in which every rank
 * computes all class prompts.
 */
final class MicroBatches implements Ranks {
    private final Ranks ranks;
    private final InOrder sums;
    private final int count;

    /** Sums over the ranks in the order of {@link PairwiseSum}, or of two ranks in any. */
    interface InOrder {
        Pending<List<Tensor>> begin(String what, List<Tensor> tensors);
    }

    /**
     * Divides every batch.
     *
     * @param count of the parts of all {@code ranks}
     * @throws IllegalArgumentException when not every rank gets the same number of parts, or {@code count} is no power of two
     */
    MicroBatches(Ranks ranks, InOrder sums, int count) {
        if (Integer.bitCount(count) != 1 || count % ranks.size() != 0) {
            throw new IllegalArgumentException(count + " micro-batches over " + ranks.size()
                    + " ranks: micro-batches must be a power of two that the number of ranks divides");
        }
        this.ranks = ranks;
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

    /** Every {@code count}-th item; a rank has parts that follow each other. */
    @Override
    public int[] share(int[] batch, int part) {
        int number = rank() * parts() + part;
        return IntStream.range(0, batch.length)
                .filter(i -> i % count == number)
                .map(i -> batch[i])
                .toArray();
    }

    /** Sums of whole numbers are the same in any order. */
    @Override
    public Pending<List<Tensor>> begin(String what, List<Tensor> tensors) {
        return tensors.stream().anyMatch(Tensor::is_floating_point)
                ? sums.begin(what, tensors)
                : ranks.begin(what, tensors);
    }

    @Override
    public GradientSum gradients(List<Tensor> parameters) {
        return new OrderedGradients(this, parameters);
    }

    @Override
    public Ranks inMicroBatches(int other) {
        return ranks.inMicroBatches(other);
    }

    @Override
    public int rank() {
        return ranks.rank();
    }

    @Override
    public int size() {
        return ranks.size();
    }

    @Override
    public int localSize() {
        return ranks.localSize();
    }

    @Override
    public Pending<Tensor> gather(String what, Tensor own, Share share, int total) {
        return ranks.gather(what, own, share, total);
    }

    @Override
    public byte[] ofFirst(String what, byte[] bytes) {
        return ranks.ofFirst(what, bytes);
    }

    @Override
    public void requireSame(String what, MessageDigest digest, String advice) {
        ranks.requireSame(what, digest, advice);
    }

    @Override
    public void joinOnGpus() {
        ranks.joinOnGpus();
    }

    @Override
    public Traffic traffic() {
        return ranks.traffic();
    }

    @Override
    public void leave(String reason) {
        ranks.leave(reason);
    }

    @Override
    public void close() {
        ranks.close();
    }
}
