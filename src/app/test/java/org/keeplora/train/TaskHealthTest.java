package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.keeplora.clip.AttentionProjection;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tower;
import org.keeplora.data.Dataset;
import org.keeplora.drawn.DrawnBenchmark;

final class TaskHealthTest {
    private static final Site Q = new Site(Tower.VISION, 0, AttentionProjection.Q);
    private static final Site O = new Site(Tower.VISION, 0, AttentionProjection.O);

    @Test
    void aTaskWithImagesOfEveryClassIsNotReported() {
        assertEquals(List.of(), TaskHealth.ofData(new DrawnBenchmark(1).domain("digits", 1, 1)));
    }

    @Test
    void classesWithoutImagesAreNamed() {
        Dataset whole = new DrawnBenchmark(1).domain("digits", 1, 1);
        Dataset part = new Dataset(
                "half", whole.classNames(), whole.templates(), whole.train().subList(0, 4), whole.test());
        assertEquals(
                List.of(
                        "task half: no training image of 6 of its 10 classes (four, five, six, seven, eight, ...); their prompts are"
                                + " trained only as wrong answers; add images or leave the classes out"),
                TaskHealth.ofData(part));
    }

    @Test
    void testImagesThatAreTrainedOnAreCounted() {
        Dataset whole = new DrawnBenchmark(1).domain("digits", 1, 1);
        Dataset leaking = new Dataset(
                "leaking",
                whole.classNames(),
                whole.templates(),
                whole.train(),
                Stream.concat(whole.test().stream(), whole.train().stream().limit(2))
                        .toList());
        assertEquals(
                List.of("task leaking: 2 of 12 test images are training images too, so the accuracy is too high;"
                        + " take them out of one half"),
                TaskHealth.ofData(leaking));
    }

    @Test
    void aSingleClassIsNamed() {
        Dataset whole = new DrawnBenchmark(1).domain("digits", 1, 1);
        Dataset one = new Dataset(
                "one",
                whole.classNames().subList(0, 1),
                whole.templates(),
                whole.train().subList(0, 1),
                whole.test().subList(0, 1));
        assertEquals(
                List.of("task one has a single class, so every image is classified correctly; add a class"),
                TaskHealth.ofData(one));
    }

    @Test
    void aSpaceThatIsFullIsNamedWithAdvice() {
        Map<Site, Integer> widths = Map.of(Q, 64, O, 64);
        assertEquals(List.of(), TaskHealth.ofRanks("one", Map.of(Q, 60, O, 10), widths::get, 4));
        assertEquals(
                List.of(
                        "after task two: 1 of 2 sites have fewer than 4 free directions left (vision.0.q); later tasks can hardly learn"
                                + " there; a lower method.feature_energy or method.weight_energy protects fewer"),
                TaskHealth.ofRanks("two", Map.of(Q, 61, O, 10), widths::get, 4));
    }
}
