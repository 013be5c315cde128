package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RankTableTest {
    private final Map<String, Integer> widths = new LinkedHashMap<>();
    private final RankTable table;

    RankTableTest() {
        widths.put("vision.10.q", 128);
        widths.put("vision.10.o", 128);
        widths.put("vision.2.q", 128);
        widths.put("text.0.q", 64);
        table = new RankTable(widths);
    }

    @Test
    void groupsSitesThatDifferInTheBlock() {
        assertEquals(
                "{vision.q=[vision.10.q, vision.2.q], vision.o=[vision.10.o], text.q=[text.0.q]}",
                table.sitesByKind().toString());
    }

    @Test
    void rowsKeepTheTablesOrder() {
        table.addRow(
                RankTable.PRE_TRAINING, Map.of("text.0.q", 1, "vision.2.q", 2, "vision.10.o", 3, "vision.10.q", 4));

        assertEquals(
                List.of("vision.10.q", "vision.10.o", "vision.2.q", "text.0.q"),
                List.copyOf(table.rows().get(0).ranks().keySet()));
    }

    @Test
    void refusesOtherSitesAndImpossibleRanks() {
        assertThrows(IllegalArgumentException.class, () -> table.addRow("MNIST", Map.of("text.0.q", 1)));
        Map<String, Integer> ranks = new LinkedHashMap<>(widths);
        ranks.put("text.0.q", 65);
        var error = assertThrows(IllegalArgumentException.class, () -> table.addRow("MNIST", ranks));
        assertEquals("rank table: row \"MNIST\", site text.0.q has rank 65; must be 0..64", error.getMessage());
    }
}
