package org.keeplora.bench.distributed;

import java.util.ArrayList;
import java.util.List;

/**
 * Estimates beyond this machine: CLIP ViT-B/16 on GPUs, without measurements. Every number here is an assumption or
 * follows from one.
 */
final class PaperTables {
    /**
     * The sizes of CIFAR100. A row evaluates the eleven test sets of MTIL, with 1,201 classes and about 100,000 images.
     */
    static final TaskSize TASK =
            new TaskSize("CIFAR100", 50_000, 100, 64, 10, false, new TaskSize.Tests(11, 100_000, 1_201));

    /** The once-per-task seconds are measured, on two cores of a Xeon: loraStart and basisGrow of results/README.md. */
    static final Costs.Assumed GPU = new Costs.Assumed(1e14, 0.01, 1e-4, new Costs.OnceATask(1.13, 1.90));

    private static final int LARGE_BATCH = 64 * 64;

    /** Assumed links, with typical nominal figures. */
    private static final Link NVLINK = new Link("NVLink", 4e11, 1e-5);

    private static final Link TEN_GIGABIT = new Link("10 Gb/s", 1.25e9, 5e-5);
    private static final Link HUNDRED_GIGABIT = new Link("100 Gb/s", 1.25e10, 5e-5);

    private static final List<Cluster> CLUSTERS = List.of(
            new Cluster("1 GPU", 1, 1, 1, Link.IDEAL),
            new Cluster("8 GPUs, NVLink", 8, 1, 8, NVLINK),
            new Cluster("64 machines, 10 Gb/s", 64, 1, 1, TEN_GIGABIT),
            new Cluster("64 machines, 100 Gb/s", 64, 1, 1, HUNDRED_GIGABIT));

    private PaperTables() {}

    private static Payload payload(TaskSize task) {
        return Payload.ofProgram(Network.VIT_B16, task);
    }

    private static TaskCost cost(TaskSize task, Cluster cluster) {
        return new TaskCost(payload(task), GPU.of(Network.VIT_B16), cluster);
    }

    /** The contributions of one process to sums. */
    static String payloads() {
        Payload payload = payload(TASK);
        Table table = new Table("one process gives", "calls", "sums on the wire", "bytes of payload", "by");
        payload.step().forEach(sum -> line(table, "each step: ", sum));
        payload.once(64).forEach(sum -> line(table, "once a task: ", sum));
        payload.start(64).forEach(sum -> line(table, "before the first task: ", sum));
        return table.text();
    }

    private static void line(Table table, String when, Collective sum) {
        table.line(
                when + sum.what(),
                String.valueOf(sum.calls()),
                String.valueOf(sum.sums()),
                Table.whole(sum.bytes()),
                "`" + sum.source() + "`");
    }

    /** Operations of a single process, which does all the work. */
    static String operations() {
        Table table = new Table("GFLOP", "forward", "training", "gradient pass", "features");
        line(table, "an image of 197 tokens", Network.VIT_B16.vision());
        line(table, "a prompt of 16 tokens", Network.VIT_B16.text());
        return table.text();
    }

    private static void line(Table table, String item, Network.TowerSize tower) {
        double both = tower.forward() + tower.backward();
        table.line(
                item,
                giga(tower.forward()),
                giga(both),
                giga(both + tower.weightGradients()),
                giga(tower.forward() + tower.secondMoments()));
    }

    private static String giga(double operations) {
        return Table.digits(operations / 1e9);
    }

    /** The milliseconds of one step of 64 images, by cause. */
    static String steps() {
        Table table = new Table(
                "one step, ms",
                "work / N",
                "repeated work",
                "waiting",
                "latency",
                "bandwidth",
                "all",
                "saturates first");
        CLUSTERS.forEach(cluster -> table.line(step(cluster, TASK, "")));
        Cluster far = CLUSTERS.get(CLUSTERS.size() - 1);
        table.line(step(far, withBatch(), ", batch " + LARGE_BATCH));
        return table.text();
    }

    private static TaskSize withBatch() {
        return new TaskSize(
                TASK.name(), TASK.images(), TASK.classes(), LARGE_BATCH, TASK.epochs(), TASK.head(), TASK.tests());
    }

    private static String[] step(Cluster cluster, TaskSize task, String remark) {
        TaskSize one =
                new TaskSize(task.name(), task.batch(), task.classes(), task.batch(), 1, task.head(), task.tests());
        Seconds step = cost(one, cluster).stages().get(Stage.TRAINING).times(1e3);
        return new String[] {
            cluster.name() + remark,
            Table.digits(step.shared()),
            Table.digits(step.redundant()),
            Table.digits(step.waiting()),
            Table.digits(step.delay()),
            Table.digits(step.transfer()),
            Table.digits(step.total()),
            step.saturates()
        };
    }

    /** A whole task. */
    static String tasks() {
        List<String> header = new ArrayList<>(List.of("one task, s"));
        CLUSTERS.forEach(cluster -> header.add(cluster.name()));
        Table table = new Table(header.toArray(String[]::new));
        for (Stage stage : cost(TASK, Cluster.ONE).stages().keySet()) {
            row(
                    table,
                    stage.toString(),
                    cost -> Table.digits(cost.stages().get(stage).total()));
        }
        row(table, "all", cost -> Table.digits(cost.total().total()));
        double one = cost(TASK, Cluster.ONE).total().total();
        row(table, "times one GPU", cost -> Table.digits(one / cost.total().total()));
        row(
                table,
                "efficiency",
                cost -> Table.percent(
                        one / cost.total().total() / cost.cluster().processes()));
        row(table, "images/s of training", cost -> Table.digits(cost.imagesPerSecond()));
        row(table, "saturates first", cost -> cost.total().saturates());
        row(table, "with free sums, times one GPU", cost -> Table.digits(one / freed(cost)));
        return table.text();
    }

    private static double freed(TaskCost cost) {
        Seconds its = cost.total();
        return its.shared() + its.redundant() + its.waiting();
    }

    private interface Figure {
        String of(TaskCost cost);
    }

    private static void row(Table table, String name, Figure figure) {
        List<String> cells = new ArrayList<>(List.of(name));
        CLUSTERS.forEach(cluster -> cells.add(figure.of(cost(TASK, cluster))));
        table.line(cells.toArray(String[]::new));
    }
}
