package org.keeplora.train;

import java.util.List;
import org.keeplora.report.AccuracyTable;
import org.keeplora.report.RankTable;
import org.keeplora.report.StageTimes;

/**
 * What a run found.
 *
 * @param accuracy of every test set, before the first and after every task
 * @param ranks protected directions of every site, before the first and after every task
 * @param losses of every step, by task; empty where nothing was trained
 * @param times seconds by stage
 */
public record RunResult(AccuracyTable accuracy, RankTable ranks, List<double[]> losses, StageTimes times) {}
