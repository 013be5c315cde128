package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.keeplora.clip.ClassHead;
import org.keeplora.data.Dataset;

/** Test sets, decoded once. */
final class Evaluation implements AutoCloseable {
    private final List<Evaluator.TestSet> sets = new ArrayList<>();
    private final Evaluator evaluator;
    private final RunMonitor monitor;

    Evaluation(RunData data, List<Dataset> datasets, Evaluator evaluator, RunMonitor monitor) {
        this.evaluator = evaluator;
        this.monitor = monitor;
        try {
            datasets.forEach(dataset -> sets.add(data.test(dataset, evaluator.processGroup())));
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
