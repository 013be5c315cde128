package org.keeplora.store;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownKeysTest {
    private static final Path FILE = Path.of("config.json");
    private static final KnownKeys KEYS = new KnownKeys()
            .computed("width")
            .harmless("torch_dtype")
            .only("layer_norm_eps", 1e-5)
            .only("pool", "tok", "cls")
            .only("resize", true)
            .off("tied");

    private static void check(String path, String json) throws JsonProcessingException {
        KEYS.check(FILE, path, new ObjectMapper().readTree(json));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'width': 7, 'torch_dtype': 'float16', 'layer_norm_eps': 0.00001, 'pool': 'cls', 'resize': true}",
                "{'layer_norm_eps': 1e-05, 'pool': null}",
                "{'tied': false}",
                "{'new': null, 'newer': false, 'newest': [], 'next': {}, 'last': ''}"
            })
    void acceptsKnownKeysAndKeysThatAreOff(String json) {
        assertDoesNotThrow(() -> check("", json.replace('\'', '"')));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '#', textBlock = """
            {"layer_norm_eps": 1e-6}   | layer_norm_eps is 1.0E-6; only 1.0E-5 is supported
            {"layer_norm_eps": "1e-5"} | layer_norm_eps is "1e-5"; only 1.0E-5 is supported
            {"pool": "avg"}            | pool is "avg"; only tok or cls is supported
            {"pool": ["tok"]}          | pool is ["tok"]; only tok or cls is supported
            {"resize": false}          | resize is false; only true is supported
            {"tied": true}             | tied is true, which is not supported
            {"new": 0}                 | new is 0, a setting that is not known here and could change the result; the file can be used only without it
            {"new": {"a": null}}       | new is {"a":null}, a setting that is not known here and could change the result; the file can be used only without it
            """)
    void refusesByName(String json, String message) {
        BadFile problem = assertThrows(BadFile.class, () -> check("", json));
        assertEquals(FILE + ": " + message, problem.getMessage());
    }

    @Test
    void namesTheWholeKey() {
        BadFile problem = assertThrows(BadFile.class, () -> check("vision_config", "{\"pool\": 3}"));
        assertEquals(FILE + ": vision_config.pool is 3; only tok or cls is supported", problem.getMessage());
    }

    @Test
    void listsNoKeyTwice() {
        assertThrows(
                IllegalArgumentException.class,
                () -> new KnownKeys().computed("a").harmless("a"));
    }
}
