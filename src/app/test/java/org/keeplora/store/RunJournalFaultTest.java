package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.io.TempDirFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.keeplora.store.FaultyDisk.Fault;
import org.keeplora.store.FaultyDisk.Kind;

/** A run that ends at any of its disk operations can be resumed, and ends like a run that was never stopped. */
@Tag("slow")
final class RunJournalFaultTest {
    private static final Logger WARNINGS = Logger.getLogger(RunJournal.class.getPackageName());
    private static final Path RUN = Path.of("runs", "first");

    /** In a RAM disk if Linux has one: on a disk used by others these seconds become minutes. */
    static final class InMemory implements TempDirFactory {
        @Override
        public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context) throws IOException {
            Path memory = Path.of("/dev/shm");
            return Files.isWritable(memory)
                    ? Files.createTempDirectory(memory, "keeplora")
                    : Files.createTempDirectory("keeplora");
        }
    }

    @TempDir(factory = InMemory.class)
    private Path folder;

    @BeforeAll
    static void hushExpectedWarnings() {
        WARNINGS.setLevel(Level.OFF);
    }

    @AfterAll
    static void hearWarnings() {
        WARNINGS.setLevel(null);
    }

    @ParameterizedTest
    @EnumSource(names = {"FAIL", "CUT", "FULL"})
    void aFailedOperationLosesNothingSaved(Fault fault) throws IOException {
        List<Kind> points = undisturbed();
        int cases = 0;
        for (int point = 1; point <= points.size(); point++) {
            Kind kind = points.get(point - 1);
            if (fault == Fault.FAIL || kind == Kind.WRITE || fault == Fault.FULL && kind == Kind.CREATE) {
                Path base = Files.createDirectory(folder.resolve(fault + "-" + point));
                stopped(base, fault, point);
                cases++;
            }
        }
        report(fault.name(), cases, points.size());
        assertTrue(cases >= 40, cases + " cases of " + fault);
    }

    private void stopped(Path base, Fault fault, int point) throws IOException {
        FaultyDisk disk = new FaultyDisk(base, fault, point);
        LongRun run = new LongRun(disk.wrap(base.resolve(RUN)));
        try {
            run.run();
        } catch (UncheckedIOException | IOException e) {
            assertTrue(disk.points().size() >= point, "failed before the fault: " + e);
        }
        try {
            run.checkLeft(base.resolve(RUN));
            end(base);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(
                    fault + " at point " + point + ", " + disk.points().get(point - 1), e);
        }
        DurableFiles.deleteAll(base);
    }

    @Test
    void aPowerCutLosesNothingSaved() throws IOException {
        List<Kind> points = undisturbed();
        for (int point = 1; point <= points.size(); point++) {
            Path base = Files.createDirectory(folder.resolve("cut-" + point));
            FaultyDisk disk = new FaultyDisk(base, Fault.CRASH, point);
            LongRun run = new LongRun(disk.wrap(base.resolve(RUN)));
            try {
                run.run();
                throw new IllegalStateException("point " + point + " was not met");
            } catch (FaultyDisk.Crash e) {
                for (DiskModel.Cut cut : DiskModel.Cut.values()) {
                    recovered(run, disk, cut, point);
                }
            }
            DurableFiles.deleteAll(base);
        }
        report("CRASH, each of " + Arrays.toString(DiskModel.Cut.values()) + ",", points.size(), points.size());
        assertTrue(points.size() >= 120, points.size() + " points");
    }

    private void recovered(LongRun run, FaultyDisk disk, DiskModel.Cut cut, int point) throws IOException {
        Path left = folder.resolve(cut + "-" + point);
        disk.model().recover(left, cut, new Random(point));
        try {
            run.checkLeft(left.resolve(RUN));
            end(left);
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError(cut + " after point " + (point - 1) + " of " + disk.points(), e);
        }
        DurableFiles.deleteAll(left);
    }

    /** The operations of an uninterrupted run. */
    private List<Kind> undisturbed() throws IOException {
        Path base = Files.createDirectory(folder.resolve("undisturbed"));
        return end(base);
    }

    /** Resumes the run, completes it, and checks the result. */
    private static List<Kind> end(Path base) throws IOException {
        FaultyDisk disk = new FaultyDisk(base, Fault.NONE, 0);
        Path target = base.resolve(RUN);
        if (!Files.exists(target.resolve("SHA256SUMS"))) {
            new LongRun(disk.wrap(target)).run();
            assertFalse(Files.exists(target.resolve("state")), "states are deleted");
        }
        assertTrue(assertThrows(BadFile.class, () -> RunJournal.open(target))
                .getMessage()
                .contains("already finished"));
        assertFalse(Files.exists(target.resolve("state")), "states that a cut end left are deleted");
        LongRun.checkResults(target, LongRun.STEPS);
        assertEquals(target + ": finished; all " + LongRun.FILES + " files are as written", RunCheck.verify(target));
        try (Stream<Path> files = Files.walk(target)) {
            assertEquals(List.of(), files.filter(DurableFiles::isPart).toList());
        }
        return disk.points();
    }

    private static void report(String fault, int cases, int points) {
        System.out.printf(Locale.ROOT, "RunJournal: %s at %d of %d points%n", fault, cases, points);
    }
}
