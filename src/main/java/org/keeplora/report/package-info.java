/**
 * Numbers of a run and how they are shown: accuracy table, continual-learning metrics, stage times, JSON and Markdown.
 *
 * <p>Imports no room of ours.
 */
package org.keeplora.report;
