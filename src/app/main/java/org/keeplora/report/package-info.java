/**
 * Numbers of a run and their presentation: accuracy table, continual-learning metrics, losses, stage times; as JSON,
 * Markdown, CSV, events of TensorBoard, and a page with charts; for one run, or for several side by side.
 *
 * <p>Imports store, for its errors. Sites, tasks and settings are passed as text, so that a new network or method
 * changes nothing here.
 *
 * <p>Decisions:
 * <ul>
 * <li>Accuracies are percent, 0..100. The zero-shot row is kept separately and is part of no metric, because the table
 * has only rows after tasks. For a run that trains nothing, every row equals the zero-shot row.
 * <li>A metric that is not defined for a task (Transfer of the first, forgetting of the last) is NaN in Java, {@code
 * null} in JSON, a dash on screen, and is left out of the mean.
 * <li>{@code metrics.json} keeps six decimals of a percent: enough to recover the number of correct images of a test
 * set of up to ten million. Markdown shows one.
 * <li>The metrics in {@code metrics.json} are computed from the rounded accuracies in it. Computing them from the file
 * gives the same values, and reading and writing a file does not change it.
 * <li>{@code Headline} has the figures that a run is judged by, {@code Wording} their wording, {@code Summary} and
 * {@code ComparisonSummary} the conclusions: one place each for page, Markdown, JSON and terminal. Accuracies are in
 * percent, their differences in points.
 * <li>A difference is reported as one only when it exceeds the 95 % uncertainty from the number of test images. That is
 * Wilson's interval for an accuracy, which holds for few images and near 0 and 100; squares add over test sets and over
 * the two sides of a difference. Runs are tested on the same images, so a difference is more certain than this; the
 * error is on the safe side. For several seeds their spread is added (Student). The effect of another seed on a single
 * run is not known, and the report says so.
 * <li>Charts are SVG in the page, drawn when it is written, so that it shows everything without scripts, on paper and
 * years later. That rules out libraries that draw in the browser (Plotly, Vega, Observable Plot). Java's own (XChart,
 * JFreeChart) measure text with AWT, which throws {@code InternalError} on a headless JRE without fontconfig, as in
 * most containers (tried with XChart 3.8.8). JetBrains' Lets-Plot would fit, but its artifacts did not resolve (4.6.2
 * to 4.9.0 tried), nor did Vega's webjars. So ECharts (Apache) draws as on a server, which it supports without a
 * browser and without fonts, in Rhino (Mozilla), a JavaScript engine of one jar: 11 MB together, nine of them ECharts'
 * own jar with its sources. 5.3.1 is the newest ECharts that resolved.
 * <li>ECharts 5.3.1 writes text into SVG without escaping it: {@link org.keeplora.report.Charts} guards every {@code
 * <}, {@code >} and {@code &}, in a way that also works with a version that escapes.
 * <li>A drawing's ink and series are CSS variables of the page, so that one SVG serves light, dark and paper. Series
 * have Okabe and Ito's colours and also their own dashes and symbols, because many people cannot distinguish colours.
 * Heat maps have the cividis colours and numbers in black or white, whichever contrasts more (at least 4.5 : 1, tested
 * for every cell).
 * <li>Charts are drawn at a phone's width and laid out in columns; only heat maps and tables scroll sideways, each in
 * its own box.
 * <li>Pages are Mustache templates (mustache.java): no logic in them, and every value except our own SVG is escaped.
 * Their Content-Security-Policy forbids scripts and everything from other servers.
 * <li>The losses of every step would take megabytes in {@code metrics.json}, so {@link org.keeplora.report.LossCurve}
 * reduces them.
 * <li>Spectra are kept by kind of site, as the median of its blocks, at as few points as a small drawing shows. Keeping
 * every site would multiply their size by the number of blocks.
 * <li>Runs count as seeds of one setting when title, tasks and configuration are equal, except for the seed and for
 * settings of where and how fast they ran; the deviation is the sample deviation (n - 1).
 * <li>Maps keep the order in which the caller filled them, in both files.
 * </ul>
 */
package org.keeplora.report;
