package org.keeplora.train;

import java.util.Optional;
import org.keeplora.clip.ClassHead;
import org.keeplora.clip.ImageSet;
import org.keeplora.clip.TokenBatch;

/**
 * One task as the network reads it. Closes its images and prompts, not its head.
 *
 * @param number position in the run, counted from 0
 * @param images its training split
 * @param prompts its class prompts
 * @param head its classifier beside the prompts, which is trained with the task
 */
public record TaskData(int number, String name, ImageSet images, Prompts prompts, Optional<ClassHead> head)
        implements AutoCloseable {

    /**
     * One prompt per class, in two lengths.
     *
     * @param cut ends after the longest end-of-text, which changes no feature
     * @param full has the whole context length
     */
    public record Prompts(TokenBatch cut, TokenBatch full) implements AutoCloseable {
        @Override
        public void close() {
            cut.close();
            full.close();
        }
    }

    /** The same task with {@code itsHead}, or without a head if that is null. */
    public TaskData with(ClassHead itsHead) {
        return new TaskData(number, name, images, prompts, Optional.ofNullable(itsHead));
    }

    @Override
    public void close() {
        images.close();
        prompts.close();
    }
}
