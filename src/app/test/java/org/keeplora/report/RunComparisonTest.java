package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The grouping of runs, and their mean and deviation. */
class RunComparisonTest {
    private static RunReport run(long seed, double last, Map<String, Object> config) {
        AccuracyTable table = new AccuracyTable(List.of("A, B", "C"));
        table.addRow("A, B", new double[] {50, 10});
        table.addRow("C", new double[] {40, last});
        RunTables tables = new RunTables(table, ProbeTable.empty(), RankTable.empty(), SpectrumTable.empty());
        return new RunReport(
                "lora", tables, RunHistory.of(List.of()), List.of(), new RunFacts(seed, Map.of(), config, Map.of()));
    }

    private static Map<String, Object> config(long seed, int rank) {
        return Map.of("train", Map.of("seed", seed), "method", Map.of("rank", rank), "output", "runs/" + seed);
    }

    private static String table(Map<String, RunReport> runs) {
        return new RunComparison(runs).markdown();
    }

    @Test
    void seedsOfOneSettingHaveMeanAndDeviation() {
        Map<String, RunReport> runs = new LinkedHashMap<>();
        runs.put("lora-seed-1", run(1, 60, config(1, 16)));
        runs.put("other", run(1, 60, config(1, 8)));
        runs.put("lora-seed-2", run(2, 70, config(2, 16)));
        runs.put("lora-seed-3", run(3, 80, config(3, 16)));
        assertEquals("""
                | run            | method |      seed |       Last | Forgetting | General |   Transfer |    Average |
                |----------------|-------:|----------:|-----------:|-----------:|--------:|-----------:|-----------:|
                | lora-seed-1    |   lora |         1 |       50.0 |       10.0 |       – |       10.0 |       40.0 |
                | lora-seed-2    |   lora |         2 |       55.0 |       10.0 |       – |       10.0 |       42.5 |
                | lora-seed-3    |   lora |         3 |       60.0 |       10.0 |       – |       10.0 |       45.0 |
                | lora (3 seeds) |   lora | mean ± sd | 55.0 ± 5.0 | 10.0 ± 0.0 |       – | 10.0 ± 0.0 | 42.5 ± 2.5 |
                | other          |   lora |         1 |       50.0 |       10.0 |       – |       10.0 |       40.0 |

                - Last (all tasks, after the last one): lora (3 seeds) ends highest with 55.0 %; the next, other,
                  has 5.0 points less.
                - Forgetting (points lost; low is good): lora (3 seeds) and other are level at 10.0 points.
                - How certain the differences are is not known: not every run says how many images it was tested
                  on.
                """, table(runs));
    }

    @Test
    void theSameSeedTwiceIsNoSample() {
        Map<String, RunReport> runs = Map.of("a", run(1, 60, config(1, 16)), "b", run(1, 60, config(1, 16)));
        assertFalse(table(runs).contains("mean"), table(runs));
    }

    @Test
    void namesAreQuotedInCsv() {
        Map<String, RunReport> runs = Map.of("a \"good\", long run", run(5, 61, config(5, 16)));
        assertEquals("""
                run,title,seed,Last,Forgetting,General,Transfer,Average
                "a ""good"", long run",lora,5,50.5,10.0,,10.0,40.25
                """, new RunComparison(runs).csv());
        assertEquals("""
                after,"A, B",C,mean
                "A, B",50.0,10.0,30.0
                C,40.0,61.0,50.5
                """, run(5, 61, config(5, 16)).csv());
    }

    @Test
    void noRunsAreAMistake() {
        Exception error = assertThrows(IllegalArgumentException.class, () -> new RunComparison(Map.of()));
        assertTrue(error.getMessage().contains("name at least one"), error.getMessage());
    }
}
