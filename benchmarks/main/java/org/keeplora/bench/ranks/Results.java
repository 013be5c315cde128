package org.keeplora.bench.ranks;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.keeplora.bench.Environment;

/**
 * What was measured on one machine.
 *
 * @param environment machine, versions, commit
 * @param links measured, one for each number of ranks from 2 on
 * @param runs of 1, 2 and 4 ranks
 * @param beside runs of 1 rank while another such run had the other core; repetitions 2k and 2k + 1 are of round k
 * @param traffic bytes of two ranks in two network namespaces, or why there are none
 */
record Results(
        Map<String, Object> environment,
        Profile profile,
        Map<Integer, Link> links,
        List<Run> runs,
        List<Run> beside,
        Traffic traffic) {
    /**
     * One run of the task.
     *
     * @param stages seconds of each, by name, for one time
     * @param counted what the program counted of each stage's sums, by name, for one time
     */
    record Run(
            int ranks,
            int repetition,
            double imagesPerSecond,
            Map<String, Double> stages,
            Map<String, Counted> counted) {
        /** A run does these before its first task too. */
        private static final Set<String> BEFORE_TOO = Set.of(Stage.EVALUATION.toString(), Stage.SAVING.toString());

        /**
         * From a run's metrics.json.
         *
         * @param folder named as the number of ranks, a minus, and the repetition
         */
        static Run of(Path folder, TaskSize task) throws IOException {
            JsonNode metrics =
                    Profile.JSON.readTree(folder.resolve("metrics.json").toFile());
            Map<String, Double> stages = new LinkedHashMap<>();
            Map<String, Counted> counted = new LinkedHashMap<>();
            for (JsonNode stage : metrics.get("stages")) {
                String name = stage.get("name").asText();
                int rows = BEFORE_TOO.contains(name) ? stage.get("runs").asInt() : 1;
                stages.put(name, stage.get("seconds").asDouble() / rows);
                counted.put(
                        name,
                        new Counted(
                                stage.path("sums").asLong() / rows,
                                stage.path("sumBytes").asLong() / rows));
            }
            double images = (double) task.epochs() * task.images();
            String[] name = folder.getFileName().toString().split("-");
            return new Run(
                    Integer.parseInt(name[0]),
                    Integer.parseInt(name[1]),
                    images / stages.get(Stage.TRAINING.toString()),
                    stages,
                    counted);
        }
    }

    /** Calls of sums, and bytes that this rank gave to them. */
    record Counted(long calls, long bytes) {}

    /**
     * What the cable between two ranks carried in whole runs.
     *
     * @param skipped why it was not measured; null where it was
     * @param runs of few and of many epochs; null where skipped
     */
    record Traffic(String skipped, List<Carried> runs) {}

    /** @param sent bytes of the interface of each rank, with all headers */
    record Carried(int epochs, List<Long> sent) {
        double mean() {
            return sent.stream().mapToLong(Long::longValue).average().orElseThrow();
        }
    }

    static Results read(Path file) throws IOException {
        return Profile.JSON.readValue(file.toFile(), Results.class);
    }

    void write(Path file) throws IOException {
        String json = Profile.JSON.writerWithDefaultPrettyPrinter().writeValueAsString(this);
        Files.writeString(file, Environment.withoutFolders(json));
    }

    /** The last by name, which begins with the date; empty where nothing was measured. */
    static Optional<Results> latest(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(folder)) {
            Optional<Path> last = files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .reduce((one, other) -> other);
            return last.isPresent() ? Optional.of(read(last.get())) : Optional.empty();
        }
    }

    /** One figure of all runs of {@code ranks} ranks, ascending. */
    double[] figures(int ranks, ToDoubleFunction<Run> figure) {
        return runs.stream()
                .filter(run -> run.ranks() == ranks)
                .mapToDouble(figure)
                .sorted()
                .toArray();
    }

    /** Images a second of training of every run that had another beside it, ascending. */
    double[] besideImagesPerSecond() {
        return beside.stream().mapToDouble(Run::imagesPerSecond).sorted().toArray();
    }

    /** Images a second of {@code ranks} ranks over those of one rank in the same round, ascending; a machine's speed changes between rounds. */
    double[] timesOne(int ranks) {
        return byRound(ranks, run -> imagesPerSecond(runs, run.repetition(), 1));
    }

    /** The same over the mean of the two that had each other beside them in the same round. */
    double[] timesBeside(int ranks) {
        return byRound(
                ranks,
                run -> (imagesPerSecond(beside, 2 * run.repetition(), 1)
                                + imagesPerSecond(beside, 2 * run.repetition() + 1, 1))
                        / 2);
    }

    private double[] byRound(int ranks, ToDoubleFunction<Run> other) {
        return figures(ranks, run -> run.imagesPerSecond() / other.applyAsDouble(run));
    }

    private static double imagesPerSecond(List<Run> of, int repetition, int ranks) {
        return of.stream()
                .filter(run -> run.repetition() == repetition && run.ranks() == ranks)
                .mapToDouble(Run::imagesPerSecond)
                .findFirst()
                .orElseThrow();
    }

    double median(int ranks, ToDoubleFunction<Run> figure) {
        return PassTime.median(figures(ranks, figure));
    }

    /** This machine with so many ranks on two cores. */
    Cluster cluster(int ranks) {
        double crowd = Math.max(1, ranks / 2.0);
        return ranks == 1 ? Cluster.ONE : new Cluster(ranks + " ranks", ranks, crowd, crowd, links.get(ranks));
    }
}
