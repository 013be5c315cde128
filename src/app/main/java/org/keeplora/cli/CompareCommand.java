package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.keeplora.report.RunComparison;
import org.keeplora.report.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Compares finished runs: a table on the terminal, a page and a table as files. */
@Command(
        name = "compare",
        mixinStandardHelpOptions = true,
        description = "Compare finished runs; runs that differ only in the seed are also shown as mean and deviation.")
final class CompareCommand implements Callable<Integer> {
    private static final String PAGE = ".html";
    private static final String TABLE = ".csv";

    @Parameters(paramLabel = "RUN", arity = "1..*", description = "Output folders of runs, or their metrics.json.")
    private List<Path> runs;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            description =
                    "Where to write the page, a name ending in .html; the table goes beside it, as .csv. Default ${DEFAULT-VALUE}.",
            defaultValue = "compare.html")
    private Path out;

    @Override
    public Integer call() throws IOException {
        Path page = out.toAbsolutePath().normalize();
        String name = String.valueOf(page.getFileName());
        ConfigProblem.unless(name.endsWith(PAGE), "--out %s: give a name ending in %s", out, PAGE);
        RunFiles.requireOutside(out);
        Map<String, RunReport> reports = new LinkedHashMap<>();
        for (Path run : runs) {
            RunReport report = new FinishedRun(run).report();
            ConfigProblem.unless(
                    reports.put(nameOf(run), report) == null, "%s is named twice; name every run once", run);
        }
        RunComparison comparison = new RunComparison(reports);
        System.out.print(comparison.markdown());
        Files.createDirectories(page.getParent());
        Files.writeString(page, comparison.html());
        Path table = page.resolveSibling(name.substring(0, name.length() - PAGE.length()) + TABLE);
        Files.writeString(table, comparison.csv());
        System.out.printf(Locale.ROOT, "Written to %s and %s%n", out, out.resolveSibling(table.getFileName()));
        return Main.OK;
    }

    /** The folder's name, or the whole path if two runs have the same name. */
    private String nameOf(Path run) {
        String name = folder(run);
        return runs.stream().filter(other -> folder(other).equals(name)).count() == 1 ? name : run.toString();
    }

    private static String folder(Path run) {
        Path folder = new FinishedRun(run).folder();
        return folder.getFileName() == null
                ? folder.toString()
                : folder.getFileName().toString();
    }
}
