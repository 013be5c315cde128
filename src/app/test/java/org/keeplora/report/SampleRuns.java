package org.keeplora.report;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Made-up runs of the size of MTIL: eleven tasks, the sites of a ViT-B/16, thousands of steps. Their numbers have no
 * meaning.
 */
final class SampleRuns {
    static final List<String> TASKS = List.of(
            "Aircraft",
            "Caltech101",
            "CIFAR100",
            "DTD",
            "EuroSAT",
            "Flowers",
            "Food",
            "MNIST",
            "OxfordPet",
            "StanfordCars",
            "SUN397");
    private static final double[] ZERO_SHOT = {24.3, 88.4, 68.2, 44.6, 54.9, 71.0, 88.5, 59.4, 89.0, 64.7, 65.2};
    private static final double[] LEARNED = {55.2, 95.8, 86.1, 75.3, 96.8, 94.7, 90.2, 99.1, 93.9, 82.4, 79.6};
    private static final int BLOCKS = 12;
    private static final int STEPS = 4200;

    private SampleRuns() {}

    /** @param forgetting points that a learned task loses with each later one */
    static RunReport elevenTasks(String title, long seed, double forgetting) {
        Random random = new Random(seed);
        AccuracyTable accuracy = new AccuracyTable(TASKS);
        accuracy.setZeroShot(ZERO_SHOT);
        ProbeTable probes = new ProbeTable(List.of("ImageNet subset", "own pictures"));
        probes.addRow(AccuracyTable.ZERO_SHOT, new double[] {66.7, 71.2});
        for (int i = 0; i < TASKS.size(); i++) {
            double[] row = new double[TASKS.size()];
            for (int j = 0; j < row.length; j++) {
                double mean = i < j ? ZERO_SHOT[j] - 0.4 * forgetting * i : LEARNED[j] - forgetting * (i - j);
                row[j] = Math.max(0, Math.min(100, mean + random.nextGaussian() / 2));
            }
            accuracy.addRow(TASKS.get(i), row);
            probes.addRow(TASKS.get(i), new double[] {66.5 - forgetting * i, 71 - forgetting * i / 2});
        }
        RunTables tables = new RunTables(accuracy, probes, ranks(), spectra(ranks()));
        Map<String, Object> train = new LinkedHashMap<>(Map.of("epochs", List.of(10), "seed", seed));
        Map<String, Object> config =
                Map.of("method", Map.of("name", title, "rank", 16), "train", train, "output", "runs/" + seed);
        List<Published> published = List.of(
                new Published("zero-shot", 69.4, 65.3, 65.3, "a paper"),
                new Published("KeepLoRA", 69.0, null, null, "a paper"));
        return new RunReport(
                title,
                tables,
                course(random),
                published,
                new RunFacts(seed, Map.of("java", "17.0.15"), config, tests()));
    }

    private static Map<String, TestSet> tests() {
        Map<String, TestSet> tests = new LinkedHashMap<>();
        for (int i = 0; i < TASKS.size(); i++) {
            tests.put(TASKS.get(i), new TestSet(1000 + 400 * i, 10 + 9 * i));
        }
        tests.put("ImageNet subset", new TestSet(5000, 1000));
        tests.put("own pictures", new TestSet(300, 30));
        return tests;
    }

    private static RankTable ranks() {
        Map<String, Integer> widths = new LinkedHashMap<>();
        for (String tower : List.of("vision", "text")) {
            for (int block = 0; block < BLOCKS; block++) {
                for (String projection : List.of("q", "k", "v", "o")) {
                    widths.put(tower + "." + block + "." + projection, tower.equals("text") ? 512 : 768);
                }
            }
        }
        RankTable table = new RankTable(widths);
        for (int i = 0; i <= TASKS.size(); i++) {
            int row = i;
            Map<String, Integer> ranks = new LinkedHashMap<>();
            widths.forEach((site, width) -> {
                int block = Integer.parseInt(site.split("\\.")[1]);
                ranks.put(site, Math.min(width, 150 + 9 * block + row * (10 + block)));
            });
            table.addRow(i == 0 ? RankTable.PRE_TRAINING : TASKS.get(i - 1), ranks);
        }
        return table;
    }

    /** Energies that fall by a tenth from one 32nd of the directions to the next, faster in the text tower. */
    private static SpectrumTable spectra(RankTable ranks) {
        SpectrumTable table = new SpectrumTable(ranks.widths().keySet());
        for (int i = 0; i < ranks.rows().size(); i++) {
            RankTable.Row row = ranks.rows().get(i);
            RankTable.Row before = ranks.rows().get(Math.max(0, i - 1));
            Map<String, SpectrumTable.Spectrum> bySite = new LinkedHashMap<>();
            ranks.widths().forEach((site, width) -> {
                double fall = site.startsWith("text") ? 6 : 3.4;
                double from = row == before ? 0 : (double) before.ranks().get(site) / width;
                List<Double> shares = IntStream.rangeClosed(0, 32)
                        .mapToObj(k -> held(Math.max(from, k / 32.0), fall))
                        .toList();
                double to = (double) row.ranks().get(site) / width;
                bySite.put(site, new SpectrumTable.Spectrum(held(from, fall), held(to, fall), shares));
            });
            table.addRow(row.after(), bySite);
        }
        return table;
    }

    private static double held(double directions, double fall) {
        return (1 - Math.exp(-fall * directions)) / (1 - Math.exp(-fall));
    }

    private static RunHistory course(Random random) {
        List<LossCurve> losses = new ArrayList<>();
        for (String task : TASKS) {
            double[] loss = new double[STEPS];
            for (int i = 0; i < STEPS; i++) {
                loss[i] = (2.5 * Math.exp(-i / 300.0) + 0.04) * Math.exp(random.nextGaussian() / 3);
            }
            losses.add(LossCurve.of(task, loss));
        }
        List<StageTimes.StageTime> stages = List.of(
                new StageTimes.StageTime("gradient", 312.4, 11),
                new StageTimes.StageTime("training", 9120, 11),
                new StageTimes.StageTime("evaluation", 1873.2, 12));
        return new RunHistory(
                Instant.parse("2026-03-04T05:06:07Z"), stages, losses, new MemoryUse(11_300_000_000L, 640_000_000L));
    }
}
