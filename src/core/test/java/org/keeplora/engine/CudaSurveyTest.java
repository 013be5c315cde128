package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("native")
final class CudaSurveyTest {
    @Test
    void everyStepMayBeTheLast() {
        assertEquals(
                List.of("our kernels: cannot be loaded (no jniKlr)"),
                obstacles(
                        "ended with exit code 0",
                        "step the CUDA runtime library",
                        "fact driver for CUDA 13.0",
                        "step our kernels",
                        "obstacle cannot be loaded (no jniKlr)"));
        assertEquals(
                List.of("cuSOLVER: the process that tried it ended with exit code 127"),
                obstacles("ended with exit code 127", "step cuBLAS", "fact cuBLAS 130100", "step cuSOLVER"));
        assertEquals(
                List.of("its start: the process that tried it did not end within 60 s"),
                obstacles("did not end within 60 s"));
    }

    private static List<String> obstacles(String end, String... lines) {
        return CudaSurvey.of(new ProbeProcess(List.of(lines), end)).obstacles();
    }

    @Test
    void usableIsOnlyWhatSaysSo() {
        CudaSurvey survey = ended("step a first operation", "fact cuBLAS 130100", "usable");
        assertEquals(new CudaSurvey(List.of("cuBLAS 130100"), List.of()), survey);
        assertFalse(survey.emulated());
        assertTrue(ended("fact " + CudaSurvey.EMULATED, "usable").emulated());
    }

    private static CudaSurvey ended(String... lines) {
        return CudaSurvey.of(new ProbeProcess(List.of(lines), "ended with exit code 0"));
    }

    /** JavaCPP's limit is below what any JVM takes: its OutOfMemoryError is a reason with advice. */
    @Test
    void aLimitOfMemoryIsAnObstacleWithAdvice() {
        List<String> obstacles = CudaSurvey.survey(1 << 20).obstacles();
        assertEquals(1, obstacles.size());
        String only = obstacles.get(0);
        assertTrue(
                only.startsWith("the CUDA runtime library: not enough memory (Physical memory usage is too high: "),
                only);
        assertTrue(only.contains("> maxPhysicalBytes (1024K)"), only);
        assertTrue(only.endsWith("with -Dorg.bytedeco.javacpp.maxPhysicalBytes=BYTES, or 0 for no limit"), only);
    }

    /** The process that computes may have less room left than the survey's had. */
    @Test
    void aLimitOfMemoryWhileOpeningIsToldTheSameWay() {
        String message = assertThrows(
                        BackendUnavailable.class,
                        () -> BackendChoice.opened(() -> {
                            OutOfMemoryError limit = new OutOfMemoryError("Physical memory usage is too high");
                            throw (Error) new OutOfMemoryError("Cannot allocate new IntPointer(1)").initCause(limit);
                        }))
                .getMessage();
        assertEquals(
                "backend cuda is not available: not enough memory (Physical memory usage is too high); CUDA's libraries"
                        + " count as memory of the process: give its JVM more with"
                        + " -Dorg.bytedeco.javacpp.maxPhysicalBytes=BYTES, or 0 for no limit; choose cpu or auto",
                message);
    }

    /** On any machine the survey returns an answer and a reason. */
    @Test
    void thisMachineIsSurveyedWithoutHarm() {
        List<BackendReport> backends = Linalg.backends();
        assertEquals(
                List.of("cpu", "cuda"),
                backends.stream().map(BackendReport::name).toList());
        assertTrue(backends.get(0).obstacles().isEmpty());
        BackendReport cuda = backends.get(1);
        assertTrue(
                cuda.obstacles().isEmpty()
                        ? cuda.facts().size() >= 5
                        : !cuda.obstacles().get(0).isBlank());
    }
}
