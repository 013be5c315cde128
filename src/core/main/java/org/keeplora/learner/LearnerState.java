package org.keeplora.learner;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.Require;
import org.keeplora.method.internal.PrincipalSubspace;

/**
 * How far a learner is.
 *
 * @param tasks number of tasks that have begun
 * @param inTask whether the last of them has not ended
 * @param protectedBases by site what is protected, M [in x k] float32, orthonormal columns
 * @param freeBases by site Q [in x (in−k)], the orthogonal complement of M. A site has one of the two bases; a learner
 *     gives the narrower
 */
public record LearnerState(
        int tasks, boolean inTask, Map<String, Matrix> protectedBases, Map<String, Matrix> freeBases) {
    public LearnerState {
        Require.that(
                tasks >= 0 && tasks < Integer.MAX_VALUE && (tasks > 0 || !inTask),
                "LearnerState: %d tasks, inTask %s",
                tasks,
                inTask);
        for (String site : protectedBases.keySet()) {
            Require.that(
                    !freeBases.containsKey(site),
                    "LearnerState: site %s has a protected and a free basis; it must have one of them",
                    site);
        }
    }

    /** Requires that the state is of these sites. */
    void requireSites(Set<String> sites) {
        Set<String> own = new TreeSet<>(protectedBases.keySet());
        own.addAll(freeBases.keySet());
        own.removeAll(sites);
        Require.that(own.isEmpty(), "restore: the state has %s, which are no sites of this learner", own);
    }

    /** What is protected of {@code site}; the caller closes it. */
    PrincipalSubspace subspace(BatchLinalg linalg, Site site) {
        Matrix free = freeBases.get(site.name());
        Matrix basis = free == null ? protectedBases.get(site.name()) : free;
        Require.that(basis != null, "restore: %s: what is protected of it is missing", site.name());
        Require.that(
                basis.rows() == site.in(),
                "restore: %s: basis is %s but the site's input width is %d",
                site.name(),
                basis,
                site.in());
        try {
            return PrincipalSubspace.of(linalg, free == null ? Projector.outOf(basis) : Projector.onto(basis));
        } catch (IllegalArgumentException e) {
            throw Names.about("restore: " + site.name(), e);
        }
    }
}
