package org.keeplora.bench.distributed;

import java.util.List;
import java.util.Locale;
import org.keeplora.distributed.Traffic;

/** The measurements beside the results of model and simulation. */
record MeasuredTables(Results results) {
    private static final List<Integer> PROCESSES = List.of(1, 2, 4);
    private static final long SEED = 42;

    String all() {
        return String.join("\n", machine(), speed(), simulatedSpeed(), stages(), link(), counted(), bytes());
    }

    private Payload payload() {
        return Payload.ofProgram(results.profile().network(), results.profile().task());
    }

    private Replay.Result replay(int processes) {
        return Replay.of(payload(), results.profile().costs(), results.cluster(processes), SEED);
    }

    private String machine() {
        return String.format(
                Locale.ROOT,
                "%s, commit %s: %s, %s cores.\n",
                results.environment().get("time").toString().substring(0, "2026-01-01".length()),
                results.environment().get("commit"),
                results.environment().get("processor"),
                results.environment().get("cores"));
    }

    /** Images per second of training, measured. */
    private String speed() {
        Table table = new Table(
                "images/s of training",
                "median",
                "least to most (runs)",
                "times one, by round",
                "times one beside another, by round");
        for (int processes : PROCESSES) {
            double[] measured = results.figures(processes, Results.Run::imagesPerSecond);
            table.line(
                    cores(processes),
                    Table.digits(PassTime.median(measured)),
                    spread(measured),
                    medianAndSpread(results.timesOne(processes)),
                    medianAndSpread(results.timesBeside(processes)));
            if (processes == 1) {
                double[] beside = results.besideImagesPerSecond();
                table.line(
                        "1 process, another such run on the other core",
                        Table.digits(PassTime.median(beside)),
                        spread(beside),
                        "",
                        "");
            }
        }
        return table.text();
    }

    /** Images per second of training, from model and simulation. */
    private String simulatedSpeed() {
        TaskSize task = results.profile().task();
        Table table = new Table(
                "images/s of training", "model", "simulation", "times one process, simulated", "simulation / median");
        double one = replay(1).imagesPerSecond(task);
        for (int processes : PROCESSES) {
            double replayed = replay(processes).imagesPerSecond(task);
            TaskCost model = new TaskCost(payload(), results.profile().costs(), results.cluster(processes));
            table.line(
                    cores(processes),
                    Table.digits(model.imagesPerSecond()),
                    Table.digits(replayed),
                    Table.digits(replayed / one),
                    Table.digits(replayed / results.median(processes, Results.Run::imagesPerSecond)));
        }
        return table.text();
    }

    private static String cores(int processes) {
        return processes == 1 ? "1 process, one core" : processes + " processes, two cores";
    }

    private static String spread(double... ascending) {
        return leastToMost(ascending) + " (" + ascending.length + ")";
    }

    private static String medianAndSpread(double... ascending) {
        return Table.digits(PassTime.median(ascending)) + ", " + leastToMost(ascending);
    }

    private static String leastToMost(double... ascending) {
        return Table.digits(ascending[0]) + " to " + Table.digits(ascending[ascending.length - 1]);
    }

    /** Seconds of every stage that both metrics.json and the simulation have. */
    private String stages() {
        Table table = new Table(
                "median seconds",
                "1 process",
                "simulated",
                "2 processes",
                "simulated",
                "4 processes",
                "simulated",
                "4: saturates first");
        List<Replay.Result> replays = PROCESSES.stream().map(this::replay).toList();
        for (Stage stage : List.of(
                Stage.GRADIENT,
                Stage.ADAPTER_START,
                Stage.TRAINING,
                Stage.FEATURES,
                Stage.BASIS_GROWTH,
                Stage.EVALUATION)) {
            String[] cells = new String[2 * PROCESSES.size() + 2];
            cells[0] = stage.toString();
            for (int i = 0; i < PROCESSES.size(); i++) {
                cells[2 * i + 1] = Table.digits(
                        results.median(PROCESSES.get(i), run -> run.stages().get(stage.toString())));
                cells[2 * i + 2] =
                        Table.digits(replays.get(i).stages().get(stage).total());
            }
            cells[cells.length - 1] =
                    replays.get(PROCESSES.size() - 1).stages().get(stage).saturates();
            table.line(cells);
        }
        return table.text();
    }

    private String link() {
        Table table = new Table("link", "MB/s", "latency, µs");
        results.links()
                .forEach((processes, link) -> table.line(
                        link.name(), Table.digits(link.bytesPerSecond() / 1e6), Table.digits(link.latency() * 1e6)));
        return table.text();
    }

    /** What the first of two processes counted, against the payload. */
    private String counted() {
        Table table = new Table("process 0 of two, by stage", "calls: model", "counted", "bytes: model", "counted");
        Results.Run run = results.runs().values().stream()
                .filter(its -> its.processes() == 2)
                .findFirst()
                .orElseThrow();
        payload().stages(2).forEach((stage, collectives) -> {
            if (run.stages().containsKey(stage.toString())) {
                Traffic counted = run.counted().getOrDefault(stage.toString(), Traffic.NONE);
                table.line(
                        stage.toString(),
                        Table.whole(Payload.calls(collectives)),
                        Table.whole(counted.calls()),
                        Table.whole(Payload.bytes(collectives)),
                        Table.whole(counted.bytes()));
            }
        });
        return table.text();
    }

    /** Bytes on the cable for one step and for a whole run, against the payload. */
    private String bytes() {
        if (results.cable().skipped() != null) {
            return "Bytes were not measured: " + results.cable().skipped() + "\n";
        }
        Results.Carried few = results.cable().runs().get(0);
        Results.Carried many = results.cable().runs().get(1);
        Payload payload = payload();
        int steps = payload.task().pass().size();
        double measured = (many.mean() - few.mean()) / ((many.epochs() - few.epochs()) * steps);
        double whole =
                Payload.bytes(payload.start(2)) + withEpochs(few.epochs()).taskBytes(2);
        return new Table(
                        "bytes that a process of two sends",
                        "model: payload",
                        "measured on the interface",
                        "measured / model")
                .line(bytes("a step", Payload.bytes(payload.step()), measured))
                .line(bytes("a whole run, epochs: " + few.epochs(), whole, few.mean()))
                .text();
    }

    private Payload withEpochs(int epochs) {
        TaskSize its = payload().task();
        TaskSize task =
                new TaskSize(its.name(), its.images(), its.classes(), its.batch(), epochs, its.head(), its.tests());
        return Payload.ofProgram(payload().network(), task);
    }

    private static String[] bytes(String what, double payload, double measured) {
        double model = Link.sentBytes(payload, 2);
        return new String[] {
            what, Table.whole(Math.round(model)), Table.whole(Math.round(measured)), Table.digits(measured / model)
        };
    }
}
