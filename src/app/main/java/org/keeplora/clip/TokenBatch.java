package org.keeplora.clip;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.torch.Tensors;

/**
 * Prompts as token ids; the receiver closes it.
 *
 * @param ids int64 [prompts x positions], zero after end-of-text
 * @param endOfText position of the end-of-text token of every prompt
 */
public record TokenBatch(Tensor ids, int[] endOfText) implements AutoCloseable {
    /** The indices 0 .. prompts - 1. */
    public int[] indices() {
        return IntStream.range(0, endOfText.length).toArray();
    }

    /**
     * The prompts at {@code indices}, cut to the positions that they need if this batch is cut too; ids in the caller's
     * scope.
     */
    public TokenBatch select(int[] indices) {
        int[] ends = IntStream.of(indices).map(i -> endOfText[i]).toArray();
        Tensor chosen = ids.index_select(0, Tensors.ofInts(indices));
        return new TokenBatch(isCut() ? chosen.narrow(1, 0, positions(ends)) : chosen, ends);
    }

    /** Whether the batch has no positions after its longest prompt. */
    boolean isCut() {
        return positions(endOfText) == ids.size(1);
    }

    private static int positions(int... endOfText) {
        return Arrays.stream(endOfText).max().orElse(-1) + 1;
    }

    @Override
    public void close() {
        ids.close();
    }
}
