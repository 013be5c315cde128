package org.keeplora.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Headless Chromium with one page, controlled over its DevTools protocol; Selenium would need thirty jars and a driver.
 */
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final long TIMEOUT_SECONDS = 60;
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final Process process;
    private final WebSocket socket;
    private final BlockingQueue<JsonNode> received = new LinkedBlockingQueue<>();
    private final List<String> errors = new ArrayList<>();
    private int sent;

    /** The browser's program, if this machine has one. */
    static Optional<Path> program() {
        return Stream.of(System.getenv("PATH").split(":"))
                .flatMap(folder -> NAMES.stream().map(name -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** @param profile an empty folder for the browser's files */
    Browser(Path program, Path profile) throws IOException, InterruptedException {
        process = new ProcessBuilder(
                        program.toString(),
                        "--headless",
                        "--no-sandbox", // tests may run as root
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "about:blank")
                .redirectErrorStream(true)
                .redirectOutput(profile.resolve("browser.log").toFile())
                .start();
        try {
            String port = port(profile.resolve("DevToolsActivePort"));
            socket = HttpClient.newHttpClient()
                    .newWebSocketBuilder()
                    .buildAsync(URI.create(page(port)), new Listener())
                    .join();
        } catch (IOException | InterruptedException | RuntimeException e) {
            process.destroyForcibly();
            throw e;
        }
        for (String domain : List.of("Page", "Runtime", "Log")) {
            send(domain + ".enable", Map.of());
        }
    }

    private String port(Path file) throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(TIMEOUT_SECONDS);
        while (!Files.exists(file) || Files.readAllLines(file).isEmpty()) {
            if (System.nanoTime() > end || !process.isAlive()) {
                throw new IOException("the browser did not start; see " + file.resolveSibling("browser.log"));
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
        return Files.readAllLines(file).get(0);
    }

    private static String page(String port) throws IOException, InterruptedException {
        HttpRequest list = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/json/list"))
                .build();
        String answer = HttpClient.newHttpClient()
                .send(list, HttpResponse.BodyHandlers.ofString())
                .body();
        for (JsonNode target : MAPPER.readTree(answer)) {
            if (target.path("type").asText().equals("page")) {
                return target.get("webSocketDebuggerUrl").asText();
            }
        }
        throw new IOException("the browser has no page: " + answer);
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder message = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
            message.append(data);
            if (last) {
                try {
                    received.add(MAPPER.readTree(message.toString()));
                } catch (IOException e) {
                    throw new IllegalStateException("no JSON from the browser: " + message, e);
                }
                message.setLength(0);
            }
            webSocket.request(1);
            return null;
        }
    }

    /**
     * Shows {@code file} on a screen of {@code width} pixels, {@code scheme} "light" or "dark"; discards earlier
     * errors.
     */
    void open(Path file, int width, String scheme) throws IOException, InterruptedException {
        send(
                "Emulation.setDeviceMetricsOverride",
                Map.of("width", width, "height", 900, "deviceScaleFactor", 1, "mobile", width < 600));
        medium("screen", scheme);
        errors.clear();
        int id = request("Page.navigate", Map.of("url", file.toUri().toString()));
        await(message -> message.path("id").asInt() == id);
        await(message -> message.path("method").asText().equals("Page.loadEventFired"));
    }

    /** Lays the page out for {@code medium}, "screen" or "print". */
    void medium(String medium, String scheme) throws IOException, InterruptedException {
        Map<String, String> feature = Map.of("name", "prefers-color-scheme", "value", scheme);
        send("Emulation.setEmulatedMedia", Map.of("media", medium, "features", List.of(feature)));
    }

    /** Errors logged by the page, and refused requests. */
    List<String> errors() {
        return List.copyOf(errors);
    }

    /** Value of a JavaScript expression in the page. */
    JsonNode value(String expression) throws IOException, InterruptedException {
        JsonNode result = send("Runtime.evaluate", Map.of("expression", expression, "returnByValue", true));
        if (result.has("exceptionDetails")) {
            throw new IOException(expression + ": " + result.get("exceptionDetails"));
        }
        return result.at("/result/value");
    }

    void screenshot(Path file) throws IOException, InterruptedException {
        write(file, send("Page.captureScreenshot", Map.of("captureBeyondViewport", true)));
    }

    void print(Path file) throws IOException, InterruptedException {
        write(file, send("Page.printToPDF", Map.of("preferCSSPageSize", true)));
    }

    private static void write(Path file, JsonNode result) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, Base64.getDecoder().decode(result.get("data").asText()));
    }

    private JsonNode send(String method, Map<String, Object> parameters) throws IOException, InterruptedException {
        int id = request(method, parameters);
        JsonNode answer = await(message -> message.path("id").asInt() == id);
        if (answer.has("error")) {
            throw new IOException(method + ": " + answer.get("error"));
        }
        return answer.get("result");
    }

    private int request(String method, Map<String, Object> parameters) {
        ObjectNode message = MAPPER.createObjectNode().put("id", ++sent).put("method", method);
        message.set("params", MAPPER.valueToTree(parameters));
        socket.sendText(message.toString(), true).join();
        return sent;
    }

    private interface Wanted {
        boolean is(JsonNode message);
    }

    private JsonNode await(Wanted wanted) throws IOException, InterruptedException {
        while (true) {
            JsonNode message = received.poll(TIMEOUT_SECONDS, TimeUnit.SECONDS);
            if (message == null) {
                throw new IOException("the browser was silent for " + TIMEOUT_SECONDS + " s");
            }
            note(message);
            if (wanted.is(message)) {
                return message;
            }
        }
    }

    private void note(JsonNode message) {
        String method = message.path("method").asText();
        boolean logged = method.equals("Log.entryAdded")
                && message.at("/params/entry/level").asText().equals("error");
        boolean called = method.equals("Runtime.consoleAPICalled")
                && message.at("/params/type").asText().equals("error");
        if (logged || called || method.equals("Runtime.exceptionThrown")) {
            errors.add(message.get("params").toString());
        }
    }

    @Override
    public void close() throws InterruptedException {
        socket.abort();
        process.destroy();
        if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
    }
}
