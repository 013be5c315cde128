package org.keeplora.train;

import java.util.Map;
import org.keeplora.clip.Site;
import org.keeplora.torch.LowRankChange;

/** Told what each task changed, just before it is merged. */
@FunctionalInterface
public interface LearnedChanges {
    /** Wants to know nothing. */
    LearnedChanges IGNORED = (number, task, changes) -> {};

    /**
     * @param number of the task, counted from 0
     * @param changes of every site that had an adapter; closed when the call returns
     */
    void accept(int number, String task, Map<Site, LowRankChange> changes);
}
