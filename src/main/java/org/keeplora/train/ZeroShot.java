package org.keeplora.train;

import java.util.Map;
import org.keeplora.clip.Adapter;
import org.keeplora.clip.Site;

/** Trains nothing. */
final class ZeroShot implements ContinualMethod {
    @Override
    public Map<Site, Adapter> start(TaskData task) {
        return Map.of();
    }
}
