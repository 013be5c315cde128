package org.keeplora.report;

/**
 * Everything that a run measures by the row: before the first task, and after each.
 *
 * @param accuracy on the test set of every task; complete, or with a zero-shot row only
 * @param probes on sets that no task trains on; {@link ProbeTable#empty()} without
 * @param ranks protected directions; {@link RankTable#empty()} for methods that protect none
 */
public record RunTables(AccuracyTable accuracy, ProbeTable probes, RankTable ranks) {}
