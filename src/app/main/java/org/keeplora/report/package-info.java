/**
 * Numbers of a run and how they are shown: accuracy table, continual-learning metrics, losses, stage times; as JSON,
 * Markdown, CSV, events of TensorBoard, and a page with charts; of one run, or of several side by side.
 *
 * <p>Imports store, for its errors. Sites, tasks and settings arrive as text, so that nothing here changes when a
 * network or a method joins.
 *
 * <p>Decisions:
 *
 * <ul>
 *   <li>Accuracies are percent, 0..100. The zero-shot row stands beside the table and enters no metric, as
 *       the table has rows after tasks only; a run that trains nothing has the zero-shot row as its every row.
 *   <li>A metric that is not defined for a task (Transfer of the first, forgetting of the last) is NaN in Java, {@code
 *       null} in JSON, a dash on screen, and is left out of the mean.
 *   <li>{@code metrics.json} keeps six decimals of a percent: enough to get the count of correct images back for a
 *       test set of up to ten million. Markdown shows one.
 *   <li>The metrics in {@code metrics.json} are those of the accuracies in it, with their decimals: whoever computes
 *       them from the file gets the same, and a file that is read and written again is the same to the letter.
 *   <li>{@code Headline} has every figure that a run is judged by, {@code Wording} how figures are said and
 *       {@code Verdict} and {@code ComparisonSummary} what follows from them: one place for page, Markdown, JSON and
 *       terminal. Accuracies are in percent, their differences in points.
 *   <li>A difference is called one only beyond the 95 % uncertainty of so many test images: Wilson's interval for an
 *       accuracy, which holds for few images and near 0 and 100; squares add over test sets and over the two sides of a
 *       difference. Runs are tested on the same images, so a difference is more certain than that: rather too little is
 *       claimed than too much. Of several seeds their spread adds (Student); what another seed would change to a single
 *       run is not known, and that is said.
 *   <li>Charts are SVG in the page, drawn when it is written, so that it shows everything without scripts, on paper and
 *       years later. That rules out libraries that draw in the browser (Plotly, Vega, Observable Plot). Java's own
 *       (XChart, JFreeChart) measure text with AWT, which throws {@code InternalError} on a headless JRE without
 *       fontconfig, as in most containers (tried with XChart 3.8.8). JetBrains' Lets-Plot would fit, but its artifacts
 *       did not resolve (4.6.2 to 4.9.0 tried), nor did Vega's webjars. So ECharts (Apache) draws as on a server, which
 *       it supports without a browser and without fonts, in Rhino (Mozilla), a JavaScript engine of one jar: 11 MB
 *       together, nine of them ECharts' own jar with its sources. 5.3.1 is the newest ECharts that resolved.
 *   <li>ECharts 5.3.1 writes text into SVG without escaping it: {@link org.keeplora.report.Charts} guards every
 *       {@code <}, {@code >} and {@code &}, in a way that stays right with a version that escapes.
 *   <li>A drawing's ink and series are CSS variables of the page, so that one SVG serves light, dark and paper. Series
 *       have Okabe and Ito's colours and, as colour alone tells nothing to many, their own dashes and symbols; heat
 *       maps have cividis and their numbers, in black or white, whichever contrasts more (at least 4.5 : 1, tested for
 *       every cell).
 *   <li>Charts are drawn at a phone's width and laid out in columns; only heat maps and tables scroll sideways, each in
 *       its own box.
 *   <li>Pages are Mustache templates (mustache.java): no logic in them, and every value is escaped unless it is an SVG
 *       of ours. Their Content-Security-Policy forbids scripts and everything from elsewhere.
 *   <li>Losses of every step would make {@code metrics.json} megabytes: {@link org.keeplora.report.LossCurve} has the
 *       rule of thinning.
 *   <li>Spectra are kept by kind of site, as the median of its blocks, at as few points as a small drawing shows: every
 *       site's own would make them as many times longer as there are blocks.
 *   <li>Runs count as seeds of one setting when title, tasks and configuration are equal but for the seed and for where
 *       and how fast they ran; the deviation is that of a sample (n - 1).
 *   <li>Maps keep the order in which the caller filled them, in both files.
 * </ul>
 */
package org.keeplora.report;
