package org.keeplora.bench.ranks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.keeplora.bench.Environment;

/**
 * Puts together what ranks.sh measured: one JSON file with all runs, named by date, machine and commit, and a table beside it.
 *
 * <p>Arguments: the folder that ranks.sh worked in, the folder of results, the checkout.
 */
public final class RankResults {
    private RankResults() {}

    public static void main(String[] arguments) throws IOException {
        Path work = Path.of(arguments[0]);
        Environment environment = Environment.of(Path.of(arguments[2]), Optional.empty());
        Results results = gathered(work, environment.facts());
        Path file = Path.of(arguments[1], environment.fileName() + ".json");
        results.write(file);
        String tables = new MeasuredTables(results).all();
        Files.writeString(Path.of(arguments[1], environment.fileName() + ".md"), tables);
        System.out.println(tables + "Written to " + file);
    }

    static Results gathered(Path work, Map<String, Object> environment) throws IOException {
        Profile profile = Profile.read(work.resolve("profile.json"));
        Map<Integer, Link> links = new TreeMap<>();
        for (int ranks : List.of(2, 4)) {
            links.put(
                    ranks,
                    Profile.JSON.readValue(
                            work.resolve("link-" + ranks + ".json").toFile(), Link.class));
        }
        Results.Traffic traffic =
                Profile.JSON.readValue(work.resolve("bytes.json").toFile(), Results.Traffic.class);
        return new Results(
                environment,
                profile,
                links,
                runs(work.resolve("runs"), profile.task()),
                runs(work.resolve("beside"), profile.task()),
                traffic);
    }

    private static List<Results.Run> runs(Path of, TaskSize task) throws IOException {
        List<Results.Run> runs = new ArrayList<>();
        try (Stream<Path> folders = Files.list(of)) {
            for (Path folder : folders.sorted().toList()) {
                runs.add(Results.Run.of(folder, task));
            }
        }
        return runs;
    }
}
