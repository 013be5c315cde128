package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.keeplora.engine.Scope;

/** Results of a batch that are of use only together. */
final class AllOrNone {
    private AllOrNone() {}

    /** What {@code make} makes of every problem, in their order. If one fails, those made before it are closed. */
    static <P, R extends AutoCloseable> List<R> map(List<P> problems, Function<P, R> make) {
        List<R> made = new ArrayList<>();
        try {
            problems.forEach(problem -> made.add(make.apply(problem)));
            return made;
        } catch (RuntimeException | Error e) {
            try (Scope useless = new Scope()) {
                useless.keep(made);
            }
            throw e;
        }
    }
}
