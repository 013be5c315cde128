package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
                CudaSurvey.of(
                                List.of(
                                        "step the CUDA runtime library",
                                        "fact driver for CUDA 13.0",
                                        "step our kernels",
                                        "obstacle cannot be loaded (no jniKlr)"),
                                0)
                        .obstacles());
        assertEquals(
                List.of("cuSOLVER: the process that tried it ended with exit code 127"),
                CudaSurvey.of(List.of("step cuBLAS", "fact cuBLAS 130100", "step cuSOLVER"), 127)
                        .obstacles());
        assertEquals(
                List.of("its start: the process that tried it ended with exit code 1"),
                CudaSurvey.of(List.of(), 1).obstacles());
    }

    @Test
    void usableIsOnlyWhatSaysSo() {
        CudaSurvey survey = CudaSurvey.of(List.of("step a first operation", "fact cuBLAS 130100", "usable"), 0);
        assertEquals(new CudaSurvey(List.of("cuBLAS 130100"), List.of()), survey);
        assertFalse(survey.emulated());
        assertTrue(CudaSurvey.of(List.of("fact " + CudaSurvey.EMULATED, "usable"), 0)
                .emulated());
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
