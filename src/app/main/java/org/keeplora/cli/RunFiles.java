package org.keeplora.cli;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.keeplora.report.RunReport;

/** Names of the files in a run's folder, except those that {@link RunReport} defines. */
final class RunFiles {
    /** Weights of the class heads, one array per task. */
    static final String HEADS = "heads.safetensors";
    /** The merged model, as a Hugging Face folder. */
    static final String MODEL = "model";
    /** One folder per task, in order. */
    static final String ADAPTERS = "adapters";
    /** The checksum file in every folder of a finished run. */
    static final String CHECKSUMS = "SHA256SUMS";

    private static final String STATE = "state" + File.separator;

    private RunFiles() {}

    /** Names of all result files below {@code folder}, in order, without the saved states. */
    static List<String> results(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .filter(name -> !name.startsWith(STATE))
                    .sorted()
                    .toList();
        }
    }

    /** @throws ConfigProblem when {@code out} would lie in the folder of a finished run */
    static void requireOutside(Path out) {
        ConfigProblem.unless(
                !Files.exists(out.toAbsolutePath().normalize().resolveSibling(CHECKSUMS)),
                "--out %s: lies in the folder of a finished run, which %s guards; choose another place",
                out,
                CHECKSUMS);
    }
}
