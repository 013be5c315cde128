package org.keeplora.train;

import java.util.List;
import org.keeplora.report.RunTables;
import org.keeplora.report.StageTimes;
import org.keeplora.store.NamedArray;

/**
 * What a run found.
 *
 * @param tables accuracies and protected directions, before the first and after every task
 * @param losses of every step, by task; empty where nothing was trained
 * @param times seconds by stage
 * @param heads weight of every learned task's class head, under the task's name; empty without heads
 */
public record RunResult(RunTables tables, List<double[]> losses, StageTimes times, List<NamedArray> heads) {}
