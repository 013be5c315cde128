package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.keeplora.clip.ClassHead;
import org.keeplora.data.Dataset;

/** The test sets of all tasks, then of all probes, decoded once. */
final class Evaluation implements AutoCloseable {
    private final List<Evaluator.TestSet> sets = new ArrayList<>();
    private final Evaluator evaluator;
    private final RunMonitor monitor;

    Evaluation(RunData data, Evaluator evaluator, RunMonitor monitor, List<Dataset> tasks, List<Dataset> probes) {
        this.evaluator = evaluator;
        this.monitor = monitor;
        try {
            tasks.forEach(task -> sets.add(data.test(task)));
            probes.forEach(probe -> sets.add(data.test(probe)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Accuracy of the model as it is on every set in percent. */
    double[] row(Map<String, ClassHead> heads) {
        return monitor.times().measure("evaluation", () -> evaluator.row(sets, heads));
    }

    @Override
    public void close() {
        sets.forEach(Evaluator.TestSet::close);
    }
}
