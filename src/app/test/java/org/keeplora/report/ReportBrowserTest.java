package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The pages in a browser. Needs Chromium on the PATH; without it the tests are skipped, or fail with {@code
 * -Dkeeplora.requireBrowser=true}. Screenshots are written to {@code target/report-pages}.
 */
class ReportBrowserTest {
    private static final Path PICTURES = Path.of("target", "report-pages");
    private static final int PHONE = 390;
    private static final int SMALLEST_TEXT = 9;

    @TempDir
    static Path folder;

    private static Browser browser;
    private static Path single;
    private static Path several;

    @BeforeAll
    static void open() throws IOException, InterruptedException {
        Path program = Browser.program().orElseGet(ReportBrowserTest::missing);
        browser = new Browser(program, Files.createDirectories(folder.resolve("profile")));
        single = Files.writeString(folder.resolve("report.html"), SamplePages.ofOneRun());
        several = Files.writeString(folder.resolve("compare.html"), SamplePages.ofThreeRuns());
    }

    private static Path missing() {
        String reason = "no chromium, chromium-browser or google-chrome on the PATH";
        return Boolean.getBoolean("keeplora.requireBrowser") ? fail(reason) : abort(reason);
    }

    @AfterAll
    static void close() throws InterruptedException {
        if (browser != null) {
            browser.close();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "report,1200,light",
        "report,1200,dark",
        "report,390,light",
        "report,390,dark",
        "compare,1200,light",
        "compare,1200,dark",
        "compare,390,light",
        "compare,390,dark"
    })
    void everyChartIsDrawnAndThePageFits(String name, int width, String scheme)
            throws IOException, InterruptedException {
        browser.open(name.equals("report") ? single : several, width, scheme);
        browser.screenshot(PICTURES.resolve(name + "-" + width + "-" + scheme + ".png"));

        assertEquals(List.of(), browser.errors());
        assertEquals(
                width, browser.value("document.documentElement.scrollWidth").asInt(), "no sideways scrolling");
        assertMarks(name.equals("report"));
        assertEquals(
                scheme.equals("dark") ? "rgb(22, 24, 27)" : "rgb(255, 255, 255)",
                browser.value("getComputedStyle(document.body).backgroundColor").asText());
    }

    /** Every chart has a size, its marks, colours of the page, and readable text inside its area. */
    private static void assertMarks(boolean one) throws IOException, InterruptedException {
        JsonNode charts = browser.value("""
                [...document.querySelectorAll('svg[data-chart]')].map(svg => {
                    const box = svg.getBoundingClientRect();
                    const texts = [...svg.querySelectorAll('text')].map(t => t.getBoundingClientRect());
                    const stroke = [...svg.querySelectorAll('path[stroke^="var(--s"]')].filter(p => p.getAttribute('fill') === 'none');
                    return {
                        kind: svg.dataset.chart, width: box.width, height: box.height,
                        scale: box.width / svg.viewBox.baseVal.width,
                        font: Math.min(...[...svg.querySelectorAll('text')].map(t => parseFloat(getComputedStyle(t).fontSize))),
                        texts: texts.length,
                        outside: [...svg.querySelectorAll('text')].filter(t => { const b = t.getBoundingClientRect();
                            return b.left < box.left - 1 || b.right > box.right + 1 || b.top < box.top - 2 || b.bottom > box.bottom + 2; })
                            .map(t => t.textContent),
                        numbers: [...svg.querySelectorAll('text')].filter(t => /^[0-9.]+$/.test(t.textContent)).length,
                        lines: stroke.length,
                        unpainted: stroke.filter(p => !getComputedStyle(p).stroke.startsWith('rgb')).length
                    };
                })""");
        assertEquals(one ? 2 + 14 + 5 + 8 + 11 + 19 + 2 : 4 + 22 + 7 + 11 + 8 + 4, charts.size(), "charts");
        int cells = 0;
        for (JsonNode chart : charts) {
            String kind = chart.get("kind").asText();
            assertTrue(
                    chart.get("width").asDouble() > 100 && chart.get("height").asDouble() > 30, chart.toString());
            assertTrue(chart.get("font").asDouble() * chart.get("scale").asDouble() >= SMALLEST_TEXT, chart.toString());
            assertEquals("[]", chart.get("outside").toString(), "text outside of its chart: " + chart);
            assertEquals(0, chart.get("unpainted").asInt(), "colours that the page does not know: " + chart);
            switch (kind) {
                case "heatMap" -> cells += chart.get("numbers").asInt();
                case "progress", "curves", "spectrum" ->
                    assertTrue(chart.get("lines").asInt() >= (one ? 1 : 2), chart.toString());
                case "range" -> assertTrue(chart.get("lines").asInt() >= 1, chart.toString());
                default -> assertTrue(chart.get("texts").asInt() >= 4, chart.toString());
            }
        }
        assertEquals((one ? 1 : 2) * (12 * 11 + 12 * 8), cells, "numbers in the heat maps");
    }

    /** In the table of all runs, which comes first after the title. */
    @Test
    void onAPhoneTheMethodAndThreeFiguresAreSeenWithoutScrolling() throws IOException, InterruptedException {
        browser.open(several, PHONE, "light");
        JsonNode columns = browser.value("""
                [...document.querySelectorAll('.runs tr')].map(row => [...row.children].slice(0, 4).map(cell => {
                    const range = document.createRange();
                    range.selectNodeContents(cell);
                    const box = range.getBoundingClientRect();
                    return {text: cell.innerText, left: box.left, right: box.right, top: box.top, scrolls: cell.scrollWidth > cell.clientWidth};
                }))""");
        assertEquals(5, columns.size(), "a header and four lines");
        List<String> header = new ArrayList<>();
        columns.get(0).forEach(cell -> header.add(cell.get("text").asText()));
        assertEquals(List.of("method", "Last", "Forgetting", "General"), header);
        for (JsonNode line : columns) {
            for (JsonNode cell : line) {
                assertTrue(
                        cell.get("left").asDouble() >= 16 && cell.get("right").asDouble() <= PHONE - 16,
                        cell.toString());
                assertTrue(cell.get("top").asDouble() < 844, "on the first screen: " + cell);
                assertFalse(cell.get("scrolls").asBoolean(), cell.toString());
            }
        }
        assertEquals(
                "keeplora (paper)\nkeeplora-42, seed 42",
                columns.at("/1/0/text").asText());
        assertEquals(
                "keeplora (paper)\nkeeplora (2 seeds), mean ± sd",
                columns.at("/3/0/text").asText());
    }

    @Test
    void paperIsLightAndKeepsTheHeatMapsCells() throws IOException, InterruptedException {
        browser.open(single, PHONE, "dark");
        browser.medium("print", "dark");
        browser.print(PICTURES.resolve("report.pdf"));
        assertEquals(
                "rgb(255, 255, 255)",
                browser.value("getComputedStyle(document.body).backgroundColor").asText());
        assertEquals(
                "rgb(0, 0, 0)",
                browser.value("getComputedStyle(document.querySelector('svg[data-chart] text')).fill")
                        .asText());
        assertEquals(
                "exact",
                browser.value(
                                "getComputedStyle(document.querySelector('svg[data-chart]')).printColorAdjust"
                                        + " || getComputedStyle(document.querySelector('svg[data-chart]')).webkitPrintColorAdjust")
                        .asText());
        assertEquals(
                "none",
                browser.value("getComputedStyle(document.querySelector('nav')).display")
                        .asText());
        assertEquals(List.of(), browser.errors());
    }
}
