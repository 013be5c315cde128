package org.keeplora.report;

/**
 * Figures that somebody published for the same tasks, to stand beside a run's own.
 *
 * @param method what was run
 * @param transfer mean over the tasks in percent; null where not given
 * @param average as {@code transfer}
 * @param last as {@code transfer}
 * @param source where the figures are from
 */
public record Published(String method, Double transfer, Double average, Double last, String source) {}
