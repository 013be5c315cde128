package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The summaries of one run and of several claim no more than the figures and the number of test images allow. */
class SummaryTest {
    private static final List<String> TASKS = List.of("A", "B");

    /** Five and ten classes, and 25 of General; a thousand images each. */
    private static final Map<String, TestSet> TESTS =
            Map.of("A", new TestSet(1000, 5), "B", new TestSet(1000, 10), "P", new TestSet(1000, 25));

    /**
     * A run that began with 30 and 20 percent, and General at 59.1.
     *
     * @param onA percent on A after A and at the end
     * @param onB percent on B after A and at the end
     */
    private static RunReport run(String title, long seed, double[] onA, double[] onB, double general) {
        AccuracyTable accuracy = new AccuracyTable(TASKS);
        accuracy.setZeroShot(new double[] {30, 20});
        accuracy.addRow("A", new double[] {onA[0], onB[0]});
        accuracy.addRow("B", new double[] {onA[1], onB[1]});
        ProbeTable probes = new ProbeTable(List.of("P"));
        probes.addRow(AccuracyTable.ZERO_SHOT, new double[] {59.1});
        probes.addRow("B", new double[] {general});
        return report(title, seed, new RunTables(accuracy, probes, RankTable.empty(), SpectrumTable.empty()), TESTS);
    }

    private static RunReport report(String title, long seed, RunTables tables, Map<String, TestSet> tests) {
        return new RunReport(
                title,
                tables,
                RunHistory.of(List.of()),
                List.of(),
                new RunFacts(seed, Map.of(), Map.of("train", Map.of("seed", seed)), tests));
    }

    private static RunReport zeroShot() {
        AccuracyTable accuracy = new AccuracyTable(TASKS);
        accuracy.setZeroShot(new double[] {30, 20});
        ProbeTable probes = new ProbeTable(List.of("P"));
        probes.addRow(AccuracyTable.ZERO_SHOT, new double[] {59.1});
        RunTables tables = new RunTables(accuracy, probes, RankTable.empty(), SpectrumTable.empty());
        return report("zero-shot", 1, tables, TESTS);
    }

    private static RunReport keeping() {
        return run("keeplora", 1, new double[] {60, 60}, new double[] {19, 70}, 49.1);
    }

    /** The sentences with plain spaces. */
    private static List<String> plain(List<String> sentences) {
        return sentences.stream().map(text -> text.replace('\u00a0', ' ')).toList();
    }

    private static List<String> comparison(RunReport... runs) {
        return plain(ComparisonSummary.of(
                Stream.of(runs).map(run -> RunGroup.of(run)).toList()));
    }

    @Test
    void aLossIsReportedWithItsUncertainty() {
        assertEquals(
                List.of(
                        "After learning 2 tasks the model classifies 65.0 % of the test images correctly, on average over the tasks; "
                                + "before any training it was 25.0 % (40.0 points more, beyond the uncertainty of ± 2.8 points).",
                        "On tasks that it had not learned yet (Transfer) it classified 19.0 % correctly; before any training it was "
                                + "20.0 % (1.0 points less, within the uncertainty of ± 3.5 points).",
                        "Earlier tasks are at the end as good as in their best test, on average (forgetting).",
                        "On sets outside of all tasks (General) it classifies 49.1 % correctly; before any training it was 59.1 % "
                                + "(10.0 points less, beyond the uncertainty of ± 4.3 points).",
                        "The uncertainty (95 %) of a mean is ± 2.1 points over 2000 test images of the tasks and ± 3.1 points over the "
                                + "1000 of General, that of a difference larger; guessing would give 15.0 % and 4.0 %. What another seed would change is not in it."),
                plain(Summary.of(keeping())));
    }

    @Test
    void forgettingMayBeChanceOrTheReverse() {
        RunReport little = run("x", 1, new double[] {60, 58}, new double[] {20, 70}, 59.1);
        assertEquals(
                "Earlier tasks lost 2.0 points since their best test, on average (forgetting): within the uncertainty of ± 4.3 points.",
                plain(Summary.of(little)).get(2));
        assertEquals(
                "On sets outside of all tasks (General) it classifies 59.1 % correctly; before any training it was 59.1 % (no change).",
                plain(Summary.of(little)).get(3));
        RunReport better = run("x", 1, new double[] {60, 66}, new double[] {20, 70}, 59.1);
        assertEquals(
                "Earlier tasks are at the end 6.0 points better than in any test before, on average (forgetting): "
                        + "beyond the uncertainty of ± 4.2 points.",
                plain(Summary.of(better)).get(2));
    }

    @Test
    void withoutSizesNoUncertaintyIsShown() {
        RunReport run = report("x", 1, keeping().tables(), Map.of());
        assertEquals(
                List.of(
                        "After learning 2 tasks the model classifies 65.0 % of the test images correctly, on average over the tasks; "
                                + "before any training it was 25.0 % (40.0 points more).",
                        "On tasks that it had not learned yet (Transfer) it classified 19.0 % correctly; before any training it was "
                                + "20.0 % (1.0 points less).",
                        "Earlier tasks are at the end as good as in their best test, on average (forgetting).",
                        "On sets outside of all tasks (General) it classifies 49.1 % correctly; before any training it was 59.1 % "
                                + "(10.0 points less)."),
                plain(Summary.of(run)));
        assertEquals(
                "How certain the differences are is not known: not every run says how many images it was tested on.",
                comparison(run, keeping()).get(3));
    }

    @Test
    void aRunThatTrainsNothingHasItsUncertainty() {
        assertEquals(
                List.of(
                        "Nothing was trained: the pre-trained model classifies 25.0 % of the test images correctly, on average over "
                                + "2 tasks.",
                        "The uncertainty (95 %) of a mean is ± 1.9 points over 2000 test images of the tasks and ± 3.0 points over the "
                                + "1000 of General, that of a difference larger; guessing would give 15.0 % and 4.0 %. What another seed would change is not in it."),
                plain(Summary.of(zeroShot())));
    }

    /** A run without training forgets nothing and keeps everything, so it is compared only in Last. */
    @Test
    void severalRunsAreRanked() {
        RunReport lora = run("lora", 1, new double[] {70, 50}, new double[] {15, 72}, 29);
        assertEquals(
                List.of(
                        "Last (all tasks, after the last one): keeplora ends highest with 65.0 %; the next, lora, has 4.0 points less, "
                                + "beyond the uncertainty of ± 2.9 points.",
                        "Forgetting (points lost; low is good): keeplora loses least, 0.0 points; the next, lora, has 20.0 points more, "
                                + "beyond the uncertainty of ± 6.0 points.",
                        "General (sets outside of all tasks): keeplora keeps most, 49.1 %, of 59.1 % before any training; the next, "
                                + "lora, has 20.1 points less, beyond the uncertainty of ± 4.2 points.",
                        "The uncertainty (95 %) comes from the number of test images (2000 of the tasks, 1000 of General); what another "
                                + "seed would change is not in it. Guessing would give 15.0 % and 4.0 %."),
                comparison(zeroShot(), lora, keeping()));
    }

    @Test
    void aLeadWithinTheUncertaintyIsNotClaimed() {
        RunReport gradient = run("gradient-lora", 1, new double[] {80, 56}, new double[] {15, 76}, 48);
        RunReport other = run("other", 1, new double[] {60, 57}, new double[] {15, 72}, 20);
        assertEquals(
                List.of(
                        "Last (all tasks, after the last one): gradient-lora ends highest with 66.0 %; not clearly: keeplora with "
                                + "1.0 points less (± 2.9 points) and other with 1.5 points less (± 2.9 points) are within the uncertainty.",
                        "Forgetting (points lost; low is good): keeplora loses least, 0.0 points; not clearly: other with 3.0 points more "
                                + "(± 6.1 points) is within the uncertainty.",
                        "General (sets outside of all tasks): keeplora keeps most, 49.1 %, of 59.1 % before any training; not clearly: "
                                + "gradient-lora with 1.1 points less (± 4.4 points) is within the uncertainty."),
                comparison(keeping(), gradient, other).subList(0, 3));
    }

    @Test
    void noFigureIsMinusZero() {
        RunReport better = run("better", 1, new double[] {60, 60.04}, new double[] {19, 70}, 49.1);
        assertEquals(
                "Forgetting (points lost; low is good): better and keeplora are level at 0.0 points.",
                comparison(keeping(), better).get(1));
    }

    @Test
    void runsThatCannotBeComparedAreNot() {
        assertEquals(List.of(), comparison(keeping()));
        RunReport larger = report(
                "x",
                1,
                keeping().tables(),
                Map.of("A", new TestSet(999, 5), "B", new TestSet(1000, 10), "P", new TestSet(1, 1)));
        assertEquals(
                List.of("The runs have different test sets, so their figures cannot be compared."),
                comparison(keeping(), larger));
        AccuracyTable table = new AccuracyTable(List.of("A", "C"));
        table.setZeroShot(new double[] {30, 20});
        RunTables tables = new RunTables(table, ProbeTable.empty(), RankTable.empty(), SpectrumTable.empty());
        assertEquals(
                List.of("The runs have different tasks, so their figures cannot be compared."),
                comparison(keeping(), report("x", 1, tables, TESTS)));
    }

    /** Seeds of 64 and 66 percent: the deviation is √2, Student's quantile 12.706, so the spread of the mean 12.706. */
    @Test
    void seedsThatSpreadMakeAMeanUncertain() {
        RunGroup seeds = new RunGroup(
                "keeplora (2 seeds)",
                List.of(
                        run("keeplora", 1, new double[] {60, 58}, new double[] {19, 70}, 49.1),
                        run("keeplora", 2, new double[] {60, 60}, new double[] {19, 72}, 49.1)));
        double images = 2.1;
        assertEquals(Math.hypot(images, 12.706), seeds.margin(Headline.LAST), 0.02);
        RunGroup lora = RunGroup.of(run("lora", 1, new double[] {70, 45}, new double[] {15, 70}, 29));
        List<String> verdict = plain(ComparisonSummary.of(List.of(seeds, lora)));
        assertEquals(
                "Last (all tasks, after the last one): keeplora (2 seeds) ends highest with 65.0 %; not clearly: lora with 7.5 points less "
                        + "(± 13.0 points) is within the uncertainty.",
                verdict.get(0));
        assertEquals(
                "The uncertainty (95 %) comes from the number of test images (2000 of the tasks, 1000 of General) and, where there are "
                        + "several seeds, from their spread. Guessing would give 15.0 % and 4.0 %.",
                verdict.get(3));
    }
}
