package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.report.RunComparison;
import org.keeplora.report.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Shows the method in a few minutes, without data or downloads: what LoRA forgets and KeepLoRA keeps. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Show what LoRA forgets and KeepLoRA keeps, in a few minutes, without any data.")
final class DemoCommand implements Callable<Integer> {
    private static final String CONFIG = "demo";
    private static final List<String> METHODS = List.of("zero-shot", "lora", "gradient-lora", "keeplora");
    private static final String METHODS_EXPLAINED = """
            The same small CLIP learned %d tasks, one after another, each without the data of the others.
            zero-shot is the model before that, lora trains plain adapters, gradient-lora starts them from the
            task's gradients, and keeplora does so outside of what earlier tasks and pre-training need.
            """;
    private static final String PAGE = "report.html";

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "keeplora-demo",
            description = "Folder for the results, with a folder for each method; finished methods are not run again."
                    + " Default ${DEFAULT-VALUE}.")
    private Path out;

    @ParentCommand
    private Main main;

    @Override
    public Integer call() throws IOException {
        Map<String, RunReport> reports = new LinkedHashMap<>();
        for (String method : METHODS) {
            reports.put(method, report(method, out.resolve(method)));
        }
        RunComparison comparison = new RunComparison(reports);
        Path page = out.resolve(PAGE);
        Files.writeString(page, comparison.html());
        System.out.println();
        System.out.println(String.format(
                Locale.ROOT,
                METHODS_EXPLAINED,
                reports.get("zero-shot").tables().accuracy().tasks().size()));
        System.out.println(comparison.markdown());
        System.out.println("Charts: " + page + "; each method's own report beside it in " + out);
        return Main.OK;
    }

    /** The report of the run in {@code folder}, which is finished already, is resumed, or is started. */
    private RunReport report(String method, Path folder) throws IOException {
        if (Files.isRegularFile(folder.resolve(RunReport.JSON_FILE))) {
            main.verbosity().say(method + ": already finished in " + folder);
            return RunReport.read(folder.resolve(RunReport.JSON_FILE));
        }
        main.verbosity().say(method);
        if (Files.exists(folder)) {
            return RunSession.resume(folder, ProcessGroup.SINGLE, main.verbosity())
                    .orElseThrow();
        }
        List<String> settings = List.of("method.name=" + method, "output=" + folder);
        RunConfig config = RunConfigFile.read(CONFIG, List.of(), settings);
        return new RunSession(config, ProcessGroup.SINGLE, main.verbosity())
                .start()
                .orElseThrow();
    }
}
