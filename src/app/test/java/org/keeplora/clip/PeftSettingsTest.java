package org.keeplora.clip;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.store.BadFile;

/** The effect of an adapter's settings on its tensors, of rank 4; the expected factors are those of PEFT 0.21. */
final class PeftSettingsTest {
    private static final String MODULE = "vision_model.encoder.layers.0.self_attn.q_proj";
    private static final int RANK = 4;

    @TempDir
    private Path folder;

    private double scale(String settings) throws IOException {
        Path file = Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", " + settings.replace('\'', '"') + "}");
        return PeftAdapter.scale(PeftAdapter.config(file), MODULE, RANK);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            'r': 4                                                                                       | 2
            'r': 4, 'lora_alpha': 4                                                                      | 1
            'r': 4, 'lora_alpha': 4, 'alpha_pattern': {'q_proj': 32, 'layers.0.self_attn.q_proj': 8}     | 8
            'r': 4, 'lora_alpha': 4, 'alpha_pattern': {'layers.0.self_attn.q_proj': 8, 'q_proj': 32}     | 2
            'r': 4, 'lora_alpha': 4, 'alpha_pattern': {'k_proj': 32}                                     | 1
            'lora_alpha': 4, 'rank_pattern': {'q_proj': 4}                                               | 1
            'r': 4, 'lora_alpha': 4, 'use_rslora': true                                                  | 2
            'r': 4, 'lora_alpha': 4, 'init_lora_weights': 'gaussian', 'use_dora': false, 'loftq_config': {} | 1
            """)
    void factorIsThatOfPeft(String settings, double factor) throws IOException {
        assertEquals(factor, scale(settings));
    }

    private void requireTarget(String settings) throws IOException {
        Path file = Files.writeString(
                folder.resolve("adapter_config.json"),
                "{\"peft_type\": \"LORA\", " + settings.replace('\'', '"') + "}");
        new PeftTargets(PeftAdapter.config(file)).require(MODULE, 0);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "'r': 4",
                "'target_modules': ['k_proj', 'q_proj']",
                "'target_modules': ['self_attn.q_proj'], 'exclude_modules': ['_proj']",
                "'target_modules': 'all-linear'",
                "'target_modules': '.*vision.*(q_proj|v_proj)'",
                "'target_modules': ['q_proj'], 'layers_to_transform': 0",
                "'target_modules': ['q_proj'], 'layers_to_transform': [1, 0], 'layers_pattern': 'layers'",
                "'target_modules': '.*q_proj', 'layers_to_transform': [5]"
            })
    void aModuleThatPeftTargetsIsTaken(String settings) {
        assertDoesNotThrow(() -> requireTarget(settings));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            'target_modules': ['k_proj', 'proj']                           | target_modules is ["k_proj","proj"]
            'target_modules': 'q_proj'                                     | target_modules is "q_proj"
            'target_modules': ['q_proj'], 'exclude_modules': ['q_proj']    | exclude_modules is ["q_proj"]
            'target_modules': ['q_proj'], 'exclude_modules': '.*vision.*'  | exclude_modules is ".*vision.*"
            'target_modules': ['q_proj'], 'layers_to_transform': [1, 2]    | layers_to_transform is [1,2]
            """)
    void tensorsThatPeftLeavesOutAreRefused(String settings, String key) {
        assertEquals(
                folder.resolve("adapter_config.json") + ": " + key + "; PEFT leaves " + MODULE
                        + " out by this setting, but the file holds its tensors",
                assertThrows(BadFile.class, () -> requireTarget(settings)).getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            'r': 4, 'init_lora_weights': 'pissa'          | init_lora_weights is "pissa"; only true or false or gaussian or orthogonal or eva is supported
            'r': 4, 'init_lora_weights': 'pissa_niter_16' | init_lora_weights is "pissa_niter_16"; only true or false or gaussian or orthogonal or eva is supported
            'r': 4, 'init_lora_weights': 'olora'          | init_lora_weights is "olora"; only true or false or gaussian or orthogonal or eva is supported
            'r': 4, 'init_lora_weights': 'corda'          | init_lora_weights is "corda"; only true or false or gaussian or orthogonal or eva is supported
            'r': 4, 'init_lora_weights': 'loftq'          | init_lora_weights is "loftq"; only true or false or gaussian or orthogonal or eva is supported
            'r': 4, 'alora_invocation_tokens': [1, 2]     | alora_invocation_tokens is [1,2], which is not supported
            'r': 4, 'layer_replication': [[0, 2], [1, 3]] | layer_replication is [[0,2],[1,3]], which is not supported
            'r': 4, 'use_dora': true                      | use_dora is true, which is not supported
            'r': 4, 'use_qalora': true                    | use_qalora is true, which is not supported
            'r': 4, 'bias': 'all'                         | bias is "all"; only none is supported
            'r': 4, 'use_of_tomorrow': 2                  | use_of_tomorrow is 2, a setting that is not known here and could change the result; the file can be used only without it
            'r': 8                                        | r of vision_model.encoder.layers.0.self_attn.q_proj is 8.0, but its tensors have rank 4; fetch the adapter again
            'r': 4, 'lora_alpha': null                    | lora_alpha of vision_model.encoder.layers.0.self_attn.q_proj is null; a number above 0 is expected
            """)
    void settingsOfAnotherMeaningAreRefused(String settings, String message) {
        BadFile problem = assertThrows(BadFile.class, () -> scale(settings));
        assertEquals(folder.resolve("adapter_config.json") + ": " + message, problem.getMessage());
    }
}
