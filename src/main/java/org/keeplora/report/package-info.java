/**
 * Numbers of a run and how they are shown: accuracy table, continual-learning metrics, stage times, JSON and Markdown.
 *
 * <p>Imports no room of ours. Sites, tasks and settings arrive as text, so that nothing here changes when a network
 * or a method joins.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Accuracies are percent, 0..100. The zero-shot row stands beside the table and enters no metric, as METHOD's
 *       table has rows after tasks only; a run that trains nothing has the zero-shot row as its every row.
 *   <li>A metric that is not defined for a task (Transfer of the first, forgetting of the last) is NaN in Java, {@code
 *       null} in JSON, a dash on screen, and is left out of the mean.
 *   <li>{@code metrics.json} keeps six decimals of a percent: enough to get the count of correct images back for a
 *       test set of up to ten million. Markdown shows one.
 *   <li>Maps keep the order in which the caller filled them, in both files.
 * </ul>
 */
package org.keeplora.report;
