package org.keeplora.bench.ranks;

import java.util.List;
import java.util.Locale;

/** What was measured, beside what model and simulation say. */
record MeasuredTables(Results results) {
    private static final List<Integer> RANKS = List.of(1, 2, 4);
    private static final long SEED = 42;

    String all() {
        return machine() + "\n" + speed() + "\n" + stages() + "\n" + link() + "\n" + counted() + "\n" + bytes();
    }

    private Payload payload() {
        return Payload.ofProgram(results.profile().network(), results.profile().task());
    }

    private Replay.Result replay(int ranks) {
        return Replay.of(payload(), results.profile().costs(), results.cluster(ranks), SEED);
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

    /** Images a second of training. */
    private String speed() {
        TaskSize task = results.profile().task();
        Table table = new Table(
                "ranks, images/s of training",
                "median of runs",
                "least to most (runs)",
                "times one rank, by round",
                "times one beside another, by round",
                "model",
                "simulation",
                "times one rank, simulated",
                "simulation / median");
        double[] beside = results.besideImagesPerSecond();
        double oneReplayed = replay(1).imagesPerSecond(task);
        for (int ranks : RANKS) {
            double[] measured = results.figures(ranks, Results.Run::imagesPerSecond);
            double median = PassTime.median(measured);
            double replayed = replay(ranks).imagesPerSecond(task);
            double model = new RankCost(payload(), results.profile().costs(), results.cluster(ranks)).imagesPerSecond();
            table.line(
                    ranks + (ranks == 1 ? ", one core" : ", two cores"),
                    Table.digits(median),
                    spread(measured),
                    medianAndSpread(results.timesOne(ranks)),
                    medianAndSpread(results.timesBeside(ranks)),
                    Table.digits(model),
                    Table.digits(replayed),
                    Table.digits(replayed / oneReplayed),
                    Table.digits(replayed / median));
            if (ranks == 1) {
                table.line(
                        "1, one core, another such run on the other",
                        Table.digits(PassTime.median(beside)),
                        spread(beside),
                        "",
                        "",
                        "",
                        "",
                        "",
                        "");
            }
        }
        return table.text();
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

    /** Seconds of every stage that metrics.json and the simulation both have. */
    private String stages() {
        Table table = new Table(
                "stage, seconds: measured median, simulated",
                "1 rank",
                "simulated",
                "2 ranks",
                "simulated",
                "4 ranks",
                "simulated",
                "of 4 ranks' most that is not shared");
        List<Replay.Result> replays = RANKS.stream().map(this::replay).toList();
        for (Stage stage : List.of(
                Stage.GRADIENT,
                Stage.ADAPTER_START,
                Stage.TRAINING,
                Stage.FEATURES,
                Stage.BASIS_GROWTH,
                Stage.EVALUATION)) {
            String[] cells = new String[2 * RANKS.size() + 2];
            cells[0] = stage.toString();
            for (int i = 0; i < RANKS.size(); i++) {
                cells[2 * i + 1] = Table.digits(
                        results.median(RANKS.get(i), run -> run.stages().get(stage.toString())));
                cells[2 * i + 2] =
                        Table.digits(replays.get(i).stages().get(stage).total());
            }
            cells[cells.length - 1] =
                    replays.get(RANKS.size() - 1).stages().get(stage).saturates();
            table.line(cells);
        }
        return table.text();
    }

    private String link() {
        Table table = new Table("link", "MB/s", "latency, µs");
        results.links()
                .forEach((ranks, link) -> table.line(
                        link.name(), Table.digits(link.bytesPerSecond() / 1e6), Table.digits(link.latency() * 1e6)));
        return table.text();
    }

    /** What the first rank of two counted itself, against the payload. */
    private String counted() {
        Table table = new Table("rank 0 of two, by stage", "calls: model", "counted", "bytes: model", "counted");
        Results.Run run = results.runs().stream()
                .filter(its -> its.ranks() == 2)
                .findFirst()
                .orElseThrow();
        payload().stages(2).forEach((stage, collectives) -> {
            Results.Counted counted = run.counted().get(stage.toString());
            if (counted != null) {
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

    /** What a cable carried, of one step and of a whole run, against the payload. */
    private String bytes() {
        if (results.traffic().skipped() != null) {
            return "Bytes were not measured: " + results.traffic().skipped() + "\n";
        }
        Results.Carried few = results.traffic().runs().get(0);
        Results.Carried many = results.traffic().runs().get(1);
        Payload payload = payload();
        int steps = payload.task().pass().size();
        double measured = (many.mean() - few.mean()) / ((many.epochs() - few.epochs()) * steps);
        double whole =
                Payload.bytes(payload.start(2)) + withEpochs(few.epochs()).taskBytes(2);
        return new Table(
                        "bytes that a rank of two sends",
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
