package org.keeplora.method;

/** How many singular directions of a weight reach a share of its energy. */
public enum RankRule {
    /** The smallest count whose cumulative share is at least the wanted one. */
    REACHING,
    /** The count of cumulative shares below the wanted one, at least 1: what the authors' MTIL program does. */
    COUNT_BELOW;

    /** The count, from the smallest count that reaches the share. */
    int count(int reaching) {
        return this == REACHING ? reaching : Math.max(1, reaching - 1);
    }
}
