package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.keeplora.engine.internal.InstalledLibraries;
import org.keeplora.testing.ChildJvm;

/** Whether a child looks for CUDA in a separate process, and what a survey is about. */
@Tag("native")
@EnabledOnOs(value = OS.LINUX, disabledReason = "that no process starts is made sure of in the way of Linux")
final class CudaSurveySubjectTest {
    /** With this option a JVM fails where it would start a process. */
    private static final String NO_PROCESS = "-Djdk.lang.Process.launchMechanism=none";

    private static final String FAILED = "none is not a supported process launch mechanism";
    private static final CudaSurveySubject SUBJECT = CudaSurveySubject.ofThisProcess();
    private static final long THIS = ProcessHandle.current().pid();

    /** Prints its survey. */
    static final class Child {
        private Child() {}

        public static void main(String[] arguments) {
            System.out.println(CudaSurvey.ofThisMachine());
        }
    }

    private static String surveyOfAChild(String... more) throws Exception {
        List<String> options = new ArrayList<>(CudaSurvey.loadingOptions());
        options.add(NO_PROCESS);
        options.addAll(List.of(more));
        List<String> printed = ChildJvm.run(options, Child.class).lines().toList();
        return printed.get(printed.size() - 1); // the emulated device says something first
    }

    @Test
    void aChildTakesOverThatCudaIsUsableAndStartsNoProcess() throws Exception {
        assertEquals(CudaSurvey.survey().toString(), surveyOfAChild(SUBJECT.option(THIS)));
    }

    @Test
    void whatDoesNotFitIsIgnored() {
        assertLooksForItself();
        assertLooksForItself(SUBJECT.option(THIS + 1)); // of another process
        assertLooksForItself(SUBJECT.option(THIS), "-Djava.library.path=/elsewhere");
    }

    private static void assertLooksForItself(String... options) {
        String printed = assertThrows(AssertionError.class, () -> surveyOfAChild(options))
                .getMessage();
        assertTrue(printed.contains(FAILED), printed);
    }

    /** An obstacle is no reason not to look again. */
    @Test
    void onlyAUsableDeviceIsHandedOn() {
        List<String> expected =
                CudaSurvey.ofThisMachine().obstacles().isEmpty() ? List.of(SUBJECT.option(THIS)) : List.of();
        assertEquals(expected, Linalg.childOptions());
    }

    @Test
    void aLibraryThatWasExchangedIsAnotherSubject(@TempDir Path folder) throws Exception {
        InstalledLibraries installed = new InstalledLibraries(List.of(folder), "");
        CudaSurveySubject without = CudaSurveySubject.of(installed);
        Path library = Files.createFile(folder.resolve("libcublas.so.13"));
        CudaSurveySubject first = CudaSurveySubject.of(installed);
        assertNotEquals(without, first);
        assertEquals(first, CudaSurveySubject.of(installed));
        Files.setLastModifiedTime(library, FileTime.fromMillis(0));
        assertNotEquals(first, CudaSurveySubject.of(installed));
    }
}
