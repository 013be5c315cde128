package org.keeplora.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.keeplora.store.UserError;

/** How torchrun's variables configure a process. */
final class RendezvousTest {
    private static final Map<String, String> NEEDED =
            Map.of("RANK", "1", "WORLD_SIZE", "4", "MASTER_ADDR", "node-0", "MASTER_PORT", "29500");

    private static Map<String, String> with(Map<String, String> more) {
        Map<String, String> all = new TreeMap<>(NEEDED);
        all.putAll(more);
        return all;
    }

    @Test
    void withoutRankAndSizeThereIsOneProcess() {
        assertEquals(Optional.empty(), Rendezvous.of(Map.of()));
        assertEquals(Optional.empty(), Rendezvous.of(Map.of("MASTER_ADDR", "node-0", "LOCAL_RANK", "3")));
    }

    @Test
    void needsNoMoreThanFour() {
        Rendezvous.Meeting meeting = new Rendezvous.Meeting("node-0", 29500, Optional.empty(), Duration.ofSeconds(300));
        assertEquals(Optional.of(new Rendezvous(1, 4, 1, meeting)), Rendezvous.of(NEEDED));
    }

    @Test
    void takesTheRest() {
        Rendezvous.Meeting meeting =
                new Rendezvous.Meeting("node-0", 29500, Optional.of("eth1"), Duration.ofSeconds(7));
        assertEquals(
                Optional.of(new Rendezvous(1, 4, 2, meeting)),
                Rendezvous.of(with(
                        Map.of("LOCAL_WORLD_SIZE", "2", "GLOO_SOCKET_IFNAME", "eth1", "KEEPLORA_RANK_TIMEOUT", "7"))));
    }

    @ParameterizedTest
    @CsvSource({"RANK, WORLD_SIZE", "WORLD_SIZE, RANK", "MASTER_ADDR, RANK", "MASTER_PORT, RANK"})
    void namesWhatIsMissing(String missing, String set) {
        Map<String, String> environment = new TreeMap<>(NEEDED);
        environment.remove(missing);
        assertEquals(
                missing + " is not set, though " + set
                        + " is; one process of several needs RANK, WORLD_SIZE, MASTER_ADDR and MASTER_PORT, as torchrun"
                        + " sets them",
                refusal(environment));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RANK                  | 4     | RANK is 4; it must be 0 to 3
            RANK                  | -1    | RANK is -1; it must be 0 to 3
            RANK                  | one   | RANK is "one"; it must be a whole number
            RANK                  | ''    | RANK is ""; it must be a whole number
            WORLD_SIZE            | 0     | WORLD_SIZE is 0; it must be at least 1
            LOCAL_WORLD_SIZE      | 5     | LOCAL_WORLD_SIZE is 5; it must be 1 to 4
            LOCAL_WORLD_SIZE      | 0     | LOCAL_WORLD_SIZE is 0; it must be 1 to 4
            MASTER_PORT           | 0     | MASTER_PORT is 0; it must be 1 to 65535
            MASTER_PORT           | 65536 | MASTER_PORT is 65536; it must be 1 to 65535
            MASTER_PORT           | 1e3   | MASTER_PORT is "1e3"; it must be a whole number
            KEEPLORA_RANK_TIMEOUT | 0     | KEEPLORA_RANK_TIMEOUT is 0; it must be at least 1
            KEEPLORA_RANK_TIMEOUT | 5s    | KEEPLORA_RANK_TIMEOUT is "5s"; it must be a whole number
            """)
    void namesWhatIsWrong(String name, String value, String message) {
        assertEquals(message, refusal(with(Map.of(name, value))));
    }

    private static String refusal(Map<String, String> environment) {
        return assertThrows(UserError.class, () -> Rendezvous.of(environment)).getMessage();
    }
}
