package org.keeplora.bench.distributed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.keeplora.bench.Environment;

/**
 * Combines the measurements of distributed.sh: writes a series of all runs to the file of results, named by date,
 * machine, commit and batch, and prints its tables.
 *
 * <p>Arguments: the working folder of distributed.sh, the file of results, the checkout.
 */
public final class GatheredResults {
    private GatheredResults() {}

    public static void main(String[] arguments) throws IOException {
        Environment environment = Environment.of(Path.of(arguments[2]), Optional.empty());
        Results results = gathered(Path.of(arguments[0]), environment.facts());
        String series =
                environment.fileName() + "-batch-" + results.profile().task().batch();
        results.write(new SeriesFile(Path.of(arguments[1])), series);
        System.out.println(new MeasuredTables(results).all() + "Written to " + arguments[1] + " as " + series);
    }

    static Results gathered(Path work, Map<String, Object> environment) throws IOException {
        Results.Profile profile = read(work.resolve("profile.json"), Results.Profile.class);
        Map<Integer, Link> links = new TreeMap<>();
        for (int processes : List.of(2, 4)) {
            links.put(processes, read(work.resolve("link-" + processes + ".json"), Link.class));
        }
        return new Results(
                environment,
                profile,
                links,
                runs(work.resolve("runs"), profile.task()),
                runs(work.resolve("beside"), profile.task()),
                read(work.resolve("bytes.json"), Results.Cable.class));
    }

    private static <T> T read(Path file, Class<T> type) throws IOException {
        return Results.JSON.readValue(file.toFile(), type);
    }

    private static Map<String, Results.Run> runs(Path of, TaskSize task) throws IOException {
        Map<String, Results.Run> runs = new TreeMap<>();
        try (Stream<Path> folders = Files.list(of)) {
            for (Path folder : folders.toList()) {
                runs.put(folder.getFileName().toString(), Results.Run.of(folder, task));
            }
        }
        return runs;
    }
}
