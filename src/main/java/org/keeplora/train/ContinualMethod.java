package org.keeplora.train;

import java.util.Map;
import org.keeplora.clip.Adapter;
import org.keeplora.clip.Site;

/** What a continual-learning method does before and after the training of one task. */
interface ContinualMethod extends AutoCloseable {
    /** The adapters to train on {@code task}; they belong to the caller's scope. */
    Map<Site, Adapter> start(TaskData task);

    /** Called when the task is learned and its adapters are merged; a method without memory does nothing. */
    default void learned(TaskData task) {}

    /** Protected directions of every site; empty where the method protects none. */
    default Map<Site, Integer> ranks() {
        return Map.of();
    }

    @Override
    default void close() {}
}
