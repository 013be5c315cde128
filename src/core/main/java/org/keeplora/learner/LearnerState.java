package org.keeplora.learner;

import java.util.Map;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Projector;
import org.keeplora.method.PrincipalSubspace;

/**
 * How far a learner is.
 *
 * @param tasks number of tasks that have begun
 * @param inTask whether the last of them has not ended
 * @param projectors by site what is left of a gradient, I − MMᵀ, in its narrower form
 */
public record LearnerState(int tasks, boolean inTask, Map<String, Projector> projectors) {
    public LearnerState {
        Names.that(tasks >= 0 && (tasks > 0 || !inTask), "LearnerState: %d tasks, inTask %s", tasks, inTask);
    }

    /** What is protected of {@code site}; the caller closes it. */
    PrincipalSubspace subspace(Linalg linalg, Site site) {
        Projector projector = projectors.get(site.name());
        Names.that(projector != null, "restore: %s: what is protected of it is missing", site.name());
        Names.that(
                projector.basis().rows() == site.in(),
                "restore: %s: basis is %s but the site's input width is %d",
                site.name(),
                projector.basis(),
                site.in());
        try {
            return PrincipalSubspace.of(linalg, projector);
        } catch (IllegalArgumentException e) {
            throw Names.about("restore: " + site.name(), e);
        }
    }
}
