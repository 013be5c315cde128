package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.NodeList;

/** The content of a run's page; it needs nothing from outside and executes nothing. */
class ReportPageTest {
    private static final String EVIL = "<script>alert(\"1\")</script> & 'quotes' {{title}}";
    private static final Pattern SVG = Pattern.compile("<svg[^>]*data-chart=\"(\\w+)\".*?</svg>", Pattern.DOTALL);
    private static final double READABLE = 4.5; // WCAG 2.2, level AA, for text

    private final String page = SamplePages.ofOneRun();

    private static List<String> charts(String html, String kind) {
        List<String> charts = new ArrayList<>();
        Matcher found = SVG.matcher(html);
        while (found.find()) {
            if (found.group(1).equals(kind)) {
                charts.add(found.group());
            }
        }
        return charts;
    }

    private static NodeList elements(String svg, String name) throws Exception {
        Document document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(svg.getBytes(StandardCharsets.UTF_8)));
        return document.getElementsByTagName(name);
    }

    @Test
    void everyPartIsThere() {
        assertEquals(2, charts(page, "heatMap").size(), "accuracies; protected shares");
        assertEquals(11 + 3, charts(page, "progress").size(), "tasks; General and its two probes");
        assertEquals(3 + 2, charts(page, "bars").size(), "Transfer, Average, Last; time, memory");
        assertEquals(8, charts(page, "range").size(), "kinds of sites");
        assertEquals(11, charts(page, "curves").size(), "losses");
        assertEquals(8 + 11, charts(page, "spectrum").size(), "kinds of sites; tasks' features");
        assertEquals(2, charts(page, "spans").size(), "towers");
        for (String text : List.of("4 March 2026", "adapters/01-Aircraft", "method.rank", "17.0.15", "2 h 32 min")) {
            assertTrue(page.contains(text), text);
        }
        assertTrue(page.length() < 1_000_000, "a page of eleven tasks has " + page.length() + " characters");
    }

    @Test
    void theHeatMapHasEveryNumberReadablyAndTheStairs() throws Exception {
        String map = charts(page, "heatMap").get(0);
        NodeList texts = elements(map, "text");
        int numbers = 0;
        for (int i = 0; i < texts.getLength(); i++) {
            numbers += texts.item(i).getTextContent().matches("\\d+\\.\\d") ? 1 : 0;
        }
        assertEquals(12 * 11, numbers);
        Matcher cells = Pattern.compile(
                        "<path [^>]*fill=\"rgba?\\((\\d+),(\\d+),(\\d+)[^\"]*\"[^>]*></path>\\s*<text [^>]*fill=\"(#\\w+)\"")
                .matcher(map);
        int checked = 0;
        while (cells.find()) {
            double cell = luminance(
                    Integer.parseInt(cells.group(1)),
                    Integer.parseInt(cells.group(2)),
                    Integer.parseInt(cells.group(3)));
            int ink = Integer.decode(cells.group(4));
            double text = luminance(ink >> 16, ink >> 8 & 0xff, ink & 0xff);
            double contrast = (Math.max(cell, text) + 0.05) / (Math.min(cell, text) + 0.05);
            assertTrue(contrast >= READABLE, cells.group() + " has a contrast of " + contrast);
            checked++;
        }
        assertEquals(12 * 11, checked);
        assertEquals(11, map.split("stroke=\"var\\(--stairs\\)\"", -1).length - 1, "one step a task");
    }

    private static double luminance(int red, int green, int blue) {
        double[] rgb = {red / 255.0, green / 255.0, blue / 255.0};
        for (int i = 0; i < rgb.length; i++) {
            rgb[i] = rgb[i] <= 0.03928 ? rgb[i] / 12.92 : Math.pow((rgb[i] + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    }

    @Test
    void nothingIsLoadedAndNothingRuns() {
        assertFalse(page.contains("<script"), "no script");
        assertFalse(Pattern.compile("<[^>]*\\son\\w+=").matcher(page).find(), "no event handler");
        Matcher links = Pattern.compile("<(\\w+)[^>]*\\s(?:src|href|xlink:href|data|action)=\"([^\"]*)\"")
                .matcher(page);
        while (links.find()) {
            assertTrue(links.group(1).equals("a") && links.group(2).startsWith("#"), links.group());
        }
        assertFalse(
                page.contains("url(h") || page.contains("@import") || page.contains("<link"),
                "nothing from a style sheet");
        assertTrue(page.contains("content=\"default-src 'none'; style-src 'unsafe-inline';"), "scripts are forbidden");
    }

    @Test
    void namesAreTextNeverMarkup() throws Exception {
        AccuracyTable table = new AccuracyTable(List.of(EVIL, "b\"><img src=x>"));
        table.setZeroShot(new double[] {10, 20});
        table.addRow(EVIL, new double[] {30, 20});
        table.addRow("b\"><img src=x>", new double[] {25, 60});
        ProbeTable probes = new ProbeTable(List.of(EVIL));
        probes.addRow(AccuracyTable.ZERO_SHOT, new double[] {5});
        RankTable ranks = new RankTable(Map.of(EVIL, 4));
        SpectrumTable spectra = new SpectrumTable(List.of(EVIL));
        for (String moment : List.of(RankTable.PRE_TRAINING, EVIL)) {
            ranks.addRow(moment, Map.of(EVIL, 2));
            spectra.addRow(moment, Map.of(EVIL, new SpectrumTable.Spectrum(0.5, 1, List.of(0.5, 1.0))));
        }
        RunHistory course = new RunHistory(
                null,
                List.of(new StageTimes.StageTime(EVIL, 1, 1)),
                List.of(LossCurve.of(EVIL, new double[] {1, 2})),
                new MemoryUse(null, null));
        RunReport run = new RunReport(
                EVIL,
                new RunTables(table, probes, ranks, spectra),
                course,
                List.of(new Published(EVIL, 1.0, 2.0, 3.0, EVIL)),
                new RunFacts(1, Map.of(EVIL, EVIL), Map.of(EVIL, EVIL), Map.of(EVIL, new TestSet(40, 4))));
        for (String html :
                List.of(run.html(List.of(EVIL)), new RunComparison(Map.of(EVIL, run, "other", run)).html())) {
            assertFalse(html.contains("<script"), "a name became a script");
            assertFalse(html.contains("<img"), "a name became an image");
            assertTrue(html.contains("&lt;script&gt;"), "names are shown");
            assertFalse(html.chars().anyMatch(c -> c >= '\uE000' && c <= '\uF8FF'), "every guard is taken off");
            Matcher svgs = SVG.matcher(html);
            while (svgs.find()) {
                assertTrue(
                        elements(svgs.group(), "text").getLength() > 0, "a chart is XML, with text: " + svgs.group(1));
                assertEquals(0, elements(svgs.group(), "script").getLength());
            }
        }
    }

    @Test
    void aRunThatTrainsNothingHasNoEmptyParts() {
        AccuracyTable table = new AccuracyTable(List.of("MNIST"));
        table.setZeroShot(new double[] {20});
        RunTables tables = new RunTables(table, ProbeTable.empty(), RankTable.empty(), SpectrumTable.empty());
        String html = new RunReport(
                        "zero-shot",
                        tables,
                        RunHistory.of(List.of()),
                        List.of(),
                        new RunFacts(1, Map.of(), Map.of(), Map.of()))
                .html(List.of());
        assertEquals(1, charts(html, "heatMap").size());
        for (String part : List.of(
                "progress", "general", "ranks", "fullness", "spectra", "coverage", "features", "losses", "costs")) {
            assertFalse(html.contains("<section id=\"" + part + "\""), part);
        }
        assertTrue(
                html.contains(
                        "Nothing was trained: the pre-trained model classifies 20.0\u00a0% of the test images correctly, on average over one task."),
                html);
    }

    @Test
    void chanceAndUncertaintyStandBesideTheAccuracies() {
        for (String chart : charts(page, "progress")) {
            assertEquals(
                    1,
                    chart.split("stroke-width=\"1.5\" stroke-dasharray=\"1.5\"", -1).length - 1,
                    "one dotted line of chance in " + chart);
        }
        for (String chart : charts(page, "bars").subList(0, 3)) {
            assertTrue(chart.contains(">chance<"), chart);
        }
        assertTrue(
                page.contains(
                        "<tr><th scope=\"row\">Aircraft</th><td>1000</td><td>10</td><td>10.0</td><td>52.1\u00a0±\u00a03.1</td></tr>"),
                "test sets");
        assertTrue(
                page.contains(
                        "<strong>84.9 <small>±\u00a00.4</small></strong><span>all tasks, after the last one; chance\u00a02.9</span>"),
                "tiles");
        String several = SamplePages.ofThreeRuns();
        assertTrue(
                several.contains("<tr><th scope=\"row\">Aircraft</th><td>1000</td><td>10</td><td>10.0</td></tr>"),
                "test sets");
        assertTrue(
                several.contains(
                        "keeplora (2 seeds) ends highest with 84.9\u00a0%; the next, a run of lora with a long name,"),
                "verdict");
    }

    @Test
    void severalRunsShareTheirCharts() {
        String html = SamplePages.ofThreeRuns();
        assertEquals(2 + 2, charts(html, "heatMap").size(), "a pair a group");
        assertEquals(11 + 3 + 8, charts(html, "progress").size(), "tasks, probes, kinds of sites");
        for (String chart : charts(html, "progress")) {
            assertTrue(chart.contains("var(--s0)") && chart.contains("var(--s1)"), "a line for both groups");
        }
        assertEquals(8, charts(html, "spectrum").size(), "kinds of sites");
        assertEquals(2 * 2, charts(html, "spans").size(), "groups and towers");
        for (String chart : charts(html, "spectrum")) {
            assertTrue(chart.contains("var(--s0)") && chart.contains("var(--s1)"), "a line for both groups");
        }
        assertTrue(html.contains("keeplora (2 seeds)"), "seeds are one group");
    }
}
