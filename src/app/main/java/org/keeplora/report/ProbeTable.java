package org.keeplora.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Accuracy in percent on probe sets, which no task trains on, before the first task and after every task. Their mean
 * (General) shows how much of the pre-trained knowledge is left.
 */
public final class ProbeTable {
    private final List<String> probes;
    private final List<AccuracyTable.Row> rows = new ArrayList<>();

    /** @param probes names in the order of the report, no duplicates; may be empty */
    public ProbeTable(List<String> probes) {
        this.probes = List.copyOf(probes);
        if (Set.copyOf(probes).size() != probes.size()) {
            throw new IllegalArgumentException("probe table: probes are " + probes + "; none may be named twice");
        }
    }

    /** The table of a run without probes. */
    public static ProbeTable empty() {
        return new ProbeTable(List.of());
    }

    /**
     * Adds a row.
     *
     * @param after {@link AccuracyTable#ZERO_SHOT} or the task just learned
     * @param percent accuracy on each probe, in the table's order, each 0..100
     */
    public void addRow(String after, double[] percent) {
        rows.add(AccuracyTable.Row.of("probe table", after, probes, percent));
    }

    public List<String> probes() {
        return probes;
    }

    /** The rows so far, in the order in which they were added. */
    public List<AccuracyTable.Row> rows() {
        return List.copyOf(rows);
    }

    /** General after the last row: the mean over the probes; NaN without probes or rows. */
    public double general() {
        return rows.isEmpty() ? Double.NaN : rows.get(rows.size() - 1).mean();
    }
}
