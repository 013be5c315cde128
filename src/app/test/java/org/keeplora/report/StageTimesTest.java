package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.keeplora.report.StageTimes.StageTime;

class StageTimesTest {
    private long now = 5_000_000_000L;
    private long given = 7;
    private final StageTimes times = new StageTimes(() -> now, () -> new Sums(given, 100 * given));

    @Test
    void sumsByNameInOrderOfFirstStart() {
        times.run("train", () -> now += 2_000_000_000L);
        times.run("evaluate", () -> now += 500_000_000L);
        times.run("train", () -> now += 1_000_000_000L);

        assertEquals(List.of(new StageTime("train", 3.0, 2), new StageTime("evaluate", 0.5, 1)), times.totals());
        assertEquals("{train=3.0, evaluate=0.5}", times.seconds().toString());
    }

    @Test
    void innerStagesCountInBoth() {
        times.run("task", () -> {
            now += 1_000_000_000L;
            times.run("train", () -> now += 2_000_000_000L);
        });

        assertEquals("{task=3.0, train=2.0}", times.seconds().toString());
    }

    @Test
    void aStageHasTheSumsMadeInIt() {
        times.run("train", () -> given += 3);
        given += 5;
        times.run("evaluate", () -> {});
        times.run("train", () -> given += 2);

        List<StageTime> expected =
                List.of(new StageTime("train", 0, 2, new Sums(5, 500)), new StageTime("evaluate", 0, 1, Sums.NONE));
        assertEquals(expected, times.totals());
        times.restore(expected);
        assertEquals(expected, times.totals());
    }

    @Test
    void timeCountsWhenTheWorkFails() {
        assertThrows(
                IllegalStateException.class,
                () -> times.run("train", () -> {
                    now += 1_000_000_000L;
                    throw new IllegalStateException();
                }));

        assertEquals(List.of(new StageTime("train", 1.0, 1)), times.totals());
    }

    @Test
    void closingTwiceCountsOnce() {
        StageTimes.Stage stage = times.start("train");
        now += 1_000_000_000L;
        stage.close();
        now += 1_000_000_000L;
        stage.close();

        assertEquals(List.of(new StageTime("train", 1.0, 1)), times.totals());
    }

    @Test
    void realClockRunsForward() {
        StageTimes real = new StageTimes();
        real.run("nothing", () -> {});

        assertTrue(real.totals().get(0).seconds() >= 0);
    }
}
