package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.keeplora.engine.BackendChoice;

class BackendSettingTest {
    @Test
    void propertyOverridesVariableAndVariableOverridesConfiguration() {
        assertEquals(BackendChoice.CPU, BackendSetting.of(BackendChoice.AUTO, " cpu", "cuda"));
        assertEquals(BackendChoice.CUDA, BackendSetting.of(BackendChoice.AUTO, "", "CUDA"));
        assertEquals(BackendChoice.AUTO, BackendSetting.of(BackendChoice.AUTO, null, null));
    }

    @Test
    void anUnknownNameIsAnError() {
        String message = assertThrows(ConfigProblem.class, () -> BackendSetting.of(BackendChoice.AUTO, null, "rocm"))
                .getMessage();
        assertEquals("KEEPLORA_BACKEND is 'rocm'; it must be one of [auto, cpu, cuda]", message);
    }
}
