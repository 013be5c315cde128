package org.keeplora.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.keeplora.report.RunReport;

/** What the files of a run's folder are called. Those of {@link RunReport} have their names there. */
final class RunFiles {
    /** Weights of the class heads, one array a task. */
    static final String HEADS = "heads.safetensors";
    /** The merged model, as a folder of Hugging Face. */
    static final String MODEL = "model";
    /** One folder a task, in order. */
    static final String ADAPTERS = "adapters";
    /** In every folder of a finished run. */
    static final String CHECKSUMS = "SHA256SUMS";

    private static final String STATE = "state" + File.separator;

    private RunFiles() {}

    /** Names of all result files below {@code folder}, in order: not those of a run's states. */
    static List<String> results(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.startsWith(STATE))
                    .sorted()
                    .toList();
        }
    }

    /** @throws ConfigProblem when {@code out} would lie beside the files of a finished run */
    static void requireOutside(Path out) {
        ConfigProblem.unless(
                !Files.exists(out.toAbsolutePath().normalize().resolveSibling(CHECKSUMS)),
                "--out %s: lies in the folder of a finished run, which %s guards; choose another place",
                out,
                CHECKSUMS);
    }
}
