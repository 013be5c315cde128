package org.keeplora.train;

import org.keeplora.clip.TokenBatch;

/**
 * One task as the network reads it; closes its images and prompts.
 *
 * @param number position in the run, counted from 0
 * @param images its training split
 * @param prompts one prompt a class, cut after the longest end-of-text
 * @param fullPrompts the same over the whole context
 */
record TaskData(int number, String name, ImageSet images, TokenBatch prompts, TokenBatch fullPrompts)
        implements AutoCloseable {
    @Override
    public void close() {
        images.close();
        prompts.close();
        fullPrompts.close();
    }
}
