package org.keeplora.bench.distributed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.keeplora.bench.Environment;
import org.keeplora.distributed.Traffic;

/**
 * One series of measurements on one machine.
 *
 * @param environment machine, versions, commit
 * @param links measured, one for each number of processes from 2 on
 * @param runs runs of 1, 2 and 4 processes; a key is the number of processes, a minus, and the repetition
 * @param beside runs of 1 process while another such run used the other core; repetitions 2k and 2k + 1 are of round k
 * @param cable bytes of two processes in two network namespaces, or why there are none
 */
record Results(
        Map<String, Object> environment,
        Profile profile,
        Map<Integer, Link> links,
        Map<String, Run> runs,
        Map<String, Run> beside,
        Cable cable) {
    static final ObjectMapper JSON = new ObjectMapper();

    /** The measurements of one process on one core. */
    record Profile(Network network, TaskSize task, Costs costs) {}

    /**
     * One run of the task.
     *
     * @param stages seconds of each stage, by name, for one execution
     * @param counted sums that process 0 counted in each stage, by name, for one execution; a stage without sums is
     *     absent
     */
    record Run(
            int processes,
            int repetition,
            double imagesPerSecond,
            Map<String, Double> stages,
            Map<String, Traffic> counted) {
        /** Stages that a run also executes before its first task. */
        private static final Set<String> BEFORE_TOO = Set.of(Stage.EVALUATION.toString(), Stage.SAVING.toString());

        /**
         * From a run's metrics.json.
         *
         * @param folder named as the number of processes, a minus, and the repetition
         */
        static Run of(Path folder, TaskSize task) throws IOException {
            JsonNode metrics = JSON.readTree(folder.resolve("metrics.json").toFile());
            Map<String, Double> stages = new LinkedHashMap<>();
            Map<String, Traffic> counted = new LinkedHashMap<>();
            for (JsonNode stage : metrics.get("stages")) {
                String name = stage.get("name").asText();
                int rows = BEFORE_TOO.contains(name) ? stage.get("runs").asInt() : 1;
                stages.put(name, stage.get("seconds").asDouble() / rows);
                Traffic sums = new Traffic(
                        stage.path("sums").asLong() / rows,
                        stage.path("sumBytes").asLong() / rows);
                if (sums.calls() > 0) {
                    counted.put(name, sums);
                }
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

    /**
     * Bytes on the cable between two processes in whole runs.
     *
     * @param skipped why it was not measured; null when it was
     * @param runs of few and of many epochs; null when skipped
     */
    record Cable(String skipped, List<Carried> runs) {}

    /** @param sent bytes sent by the interface of each process, with all headers */
    record Carried(int epochs, List<Long> sent) {
        double mean() {
            return sent.stream().mapToLong(Long::longValue).average().orElseThrow();
        }
    }

    static Results read(SeriesFile file, String series) throws IOException {
        return JSON.treeToValue(file.read(series), Results.class);
    }

    void write(SeriesFile file, String series) throws IOException {
        String json = Environment.withoutFolders(JSON.writeValueAsString(this));
        file.write(series, (ObjectNode) JSON.readTree(json));
    }

    /** One figure of all runs of {@code processes} processes, ascending. */
    double[] figures(int processes, ToDoubleFunction<Run> figure) {
        return runs.values().stream()
                .filter(run -> run.processes() == processes)
                .mapToDouble(figure)
                .sorted()
                .toArray();
    }

    /** Images per second of training of every run with another run beside it, ascending. */
    double[] besideImagesPerSecond() {
        return beside.values().stream()
                .mapToDouble(Run::imagesPerSecond)
                .sorted()
                .toArray();
    }

    /**
     * Images per second of {@code processes} processes divided by those of one process in the same round, ascending; a
     * machine's speed changes between rounds.
     */
    double[] timesOne(int processes) {
        return byRound(processes, run -> imagesPerSecond(runs.values(), run.repetition(), 1));
    }

    /** The same, divided by the mean of the two runs beside each other in the same round. */
    double[] timesBeside(int processes) {
        return byRound(
                processes,
                run -> (imagesPerSecond(beside.values(), 2 * run.repetition(), 1)
                                + imagesPerSecond(beside.values(), 2 * run.repetition() + 1, 1))
                        / 2);
    }

    private double[] byRound(int processes, ToDoubleFunction<Run> other) {
        return figures(processes, run -> run.imagesPerSecond() / other.applyAsDouble(run));
    }

    private static double imagesPerSecond(Collection<Run> of, int repetition, int processes) {
        return of.stream()
                .filter(run -> run.repetition() == repetition && run.processes() == processes)
                .mapToDouble(Run::imagesPerSecond)
                .findFirst()
                .orElseThrow();
    }

    double median(int processes, ToDoubleFunction<Run> figure) {
        return PassTime.median(figures(processes, figure));
    }

    /** This machine with {@code processes} processes on two cores. */
    Cluster cluster(int processes) {
        double crowd = Math.max(1, processes / 2.0);
        return processes == 1
                ? Cluster.ONE
                : new Cluster(processes + " processes", processes, crowd, crowd, links.get(processes));
    }
}
