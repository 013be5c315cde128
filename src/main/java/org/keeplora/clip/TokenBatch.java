package org.keeplora.clip;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.bytedeco.pytorch.Tensor;

/**
 * Prompts as token ids; the receiver closes it.
 *
 * @param ids int64 [prompts x positions], zero after end-of-text
 * @param endOfText position of the end-of-text token of every prompt
 */
public record TokenBatch(Tensor ids, int[] endOfText) implements AutoCloseable {
    /** 0 to the number of prompts, without that. */
    public int[] indices() {
        return IntStream.range(0, endOfText.length).toArray();
    }

    /** The prompts at {@code indices}, with the same positions; ids in the caller's scope. */
    public TokenBatch select(int[] indices) {
        int[] ends = IntStream.of(indices).map(i -> endOfText[i]).toArray();
        return new TokenBatch(ids.index_select(0, Tensors.ofInts(indices)), ends);
    }

    /** Whether no position lies behind every end-of-text. */
    boolean isCut() {
        return Arrays.stream(endOfText).max().orElse(-1) + 1 == ids.size(1);
    }

    @Override
    public void close() {
        ids.close();
    }
}
