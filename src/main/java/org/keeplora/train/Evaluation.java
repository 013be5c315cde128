package org.keeplora.train;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.keeplora.clip.ClassHead;
import org.keeplora.data.Dataset;
import org.keeplora.report.AccuracyTable;
import org.keeplora.report.ProbeTable;

/** The test sets of all tasks and probes, decoded once, and the tables that their rows fill. */
final class Evaluation implements AutoCloseable {
    private final List<Evaluator.TestSet> sets = new ArrayList<>();
    private final Evaluator evaluator;
    private final RunMonitor monitor;
    private final AccuracyTable accuracy;
    private final ProbeTable probes;

    Evaluation(RunData data, Evaluator evaluator, RunMonitor monitor, List<Dataset> tasks, List<Dataset> probes) {
        this.evaluator = evaluator;
        this.monitor = monitor;
        this.accuracy = new AccuracyTable(tasks.stream().map(Dataset::name).toList());
        this.probes = new ProbeTable(probes.stream().map(Dataset::name).toList());
        try {
            tasks.forEach(task -> sets.add(data.test(task)));
            probes.forEach(probe -> sets.add(data.test(probe)));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Evaluates the model as it is and adds a row to both tables; {@code after} is a task or {@link AccuracyTable#ZERO_SHOT}. */
    void addRow(String after, Map<String, ClassHead> heads) {
        double[] percent = monitor.times().measure("evaluation", () -> evaluator.row(sets, heads));
        int tasks = accuracy.tasks().size();
        double[] onTasks = Arrays.copyOf(percent, tasks);
        if (after.equals(AccuracyTable.ZERO_SHOT)) {
            accuracy.setZeroShot(onTasks);
        } else {
            accuracy.addRow(after, onTasks);
        }
        probes.addRow(after, Arrays.copyOfRange(percent, tasks, percent.length));
    }

    AccuracyTable accuracy() {
        return accuracy;
    }

    ProbeTable probes() {
        return probes;
    }

    @Override
    public void close() {
        sets.forEach(Evaluator.TestSet::close);
    }
}
