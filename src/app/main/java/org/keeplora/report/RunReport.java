package org.keeplora.report;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.keeplora.store.BadFile;

/**
 * Everything a finished run reports: {@value #JSON_FILE}, {@value #CSV_FILE} and {@value #SPECTRA_FILE} for programs,
 * {@value #MARKDOWN_FILE} and {@value #HTML_FILE} for people.
 *
 * @param title the method and its variant, for example {@code keeplora (paper)}
 * @param tables the measurements
 * @param course times, losses and memory
 * @param published shown beside the run's own figures; may be empty
 * @param facts the facts needed to repeat the run
 */
public record RunReport(String title, RunTables tables, RunHistory course, List<Published> published, RunFacts facts) {
    /** Name of the file for programs. */
    public static final String JSON_FILE = "metrics.json";

    /** Name of the file for people. */
    public static final String MARKDOWN_FILE = "report.md";

    /** Name of the page. */
    public static final String HTML_FILE = "report.html";

    /** Name of the accuracy table. */
    public static final String CSV_FILE = "accuracy.csv";

    /** Name of the spectra's table. */
    public static final String SPECTRA_FILE = "spectra.csv";

    public RunReport {
        published = List.copyOf(published);
    }

    /**
     * The report of a finished run, from its {@value #JSON_FILE}. Fields that files of earlier versions lack are "not
     * known" in it.
     *
     * @throws BadFile naming the file and the field that is missing or wrong
     * @throws IOException when the file cannot be read
     */
    public static RunReport read(Path metrics) throws IOException {
        return MetricsReader.read(metrics);
    }

    /** Metrics of the accuracy table; throws as {@link ContinualMetrics#of}. */
    public ContinualMetrics metrics() {
        return ContinualMetrics.of(tables.accuracy());
    }

    /** The content of {@value #JSON_FILE}, UTF-8, one final newline; fields as in {@link MetricsJson}. */
    public String json() {
        return MetricsJson.of(this);
    }

    /** The content of {@value #MARKDOWN_FILE}; its columns are aligned, so the source reads well on a terminal. */
    public String markdown() {
        return MarkdownReport.of(this);
    }

    /** The content of {@value #CSV_FILE}: one line per row, one column per task, and their mean; six decimals. */
    public String csv() {
        return CsvFile.of(tables.accuracy());
    }

    /**
     * The content of {@value #SPECTRA_FILE}, from the {@link SpectrumTable}, with five decimals; empty when no spectra
     * are known.
     */
    public Optional<String> spectraCsv() {
        return tables.spectra().isEmpty() ? Optional.empty() : Optional.of(CsvFile.of(tables.spectra()));
    }

    /**
     * The content of {@value #HTML_FILE}: one file that loads nothing and runs no script.
     *
     * @param files names of files of the run, to be listed; may be empty
     */
    public String html(List<String> files) {
        return ReportPage.of(this, files);
    }

    /** Name of the file for TensorBoard, inside its own folder. */
    public String tensorBoardFile() {
        return TensorBoardEvents.file(this);
    }

    /** The content of {@link #tensorBoardFile}: accuracies, metrics, ranks and losses as scalars. */
    public byte[] tensorBoard() {
        return TensorBoardEvents.of(this);
    }
}
