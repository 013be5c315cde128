package org.keeplora.clip;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;

/**
 * Prompts as token ids; the receiver closes it.
 *
 * @param ids int64 [prompts x positions], zero after end-of-text
 * @param endOfText position of the end-of-text token of every prompt
 */
public record TokenBatch(Tensor ids, int[] endOfText) implements AutoCloseable {
    /** Whether no position lies behind every end-of-text. */
    boolean isCut() {
        return Arrays.stream(endOfText).max().orElse(-1) + 1 == ids.size(1);
    }

    @Override
    public void close() {
        ids.close();
    }
}
