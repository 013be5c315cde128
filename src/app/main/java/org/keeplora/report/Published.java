package org.keeplora.report;

/**
 * Published figures for the same tasks, to compare with a run's own.
 *
 * @param method the published method
 * @param transfer mean over the tasks in percent; null when not given
 * @param average as {@code transfer}
 * @param last as {@code transfer}
 * @param source where the figures were published
 */
public record Published(String method, Double transfer, Double average, Double last, String source) {}
