package org.keeplora.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.keeplora.engine.BackendReport;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.BatchLinalg;

/**
 * The machine, backends, versions and environment variables of a measurement.
 *
 * @param processor name given by the operating system
 * @param cores number of cores that this process may use
 * @param backends facts and obstacles of each backend
 * @param commit of the program; "nogit" when not known
 */
public record Environment(String processor, int cores, List<BackendReport> backends, String commit) {
    /** Matches all of an absolute path except the last name. */
    private static final Pattern FOLDERS = Pattern.compile("(?<![\\w./])/(?:[\\w.@+-]+/)+");

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
    private static final Pattern NOISE =
            Pattern.compile("\\(r\\)|\\(tm\\)|@.*|\\d+-core|\\b(amd|intel|cpu|processor|core|with .*)\\b");
    private static final Pattern GPU = Pattern.compile("NVIDIA ([\\w -]+?)(?: \\d+ ?GB.*)?, compute capability.*");
    private static final List<String> VARIABLES = List.of(
            "OMP_NUM_THREADS",
            "OMP_WAIT_POLICY",
            "OPENBLAS_NUM_THREADS",
            "OPENBLAS_THREAD_TIMEOUT",
            "OPENBLAS_CORETYPE",
            "CUDA_VISIBLE_DEVICES");

    /** The environment of this process; the commit is {@code commit} if given, else that of {@code checkout}. */
    public static Environment of(Path checkout, Optional<String> commit) {
        return new Environment(
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                Linalg.backends(),
                commit.orElseGet(() -> commitOf(checkout)));
    }

    private static String processorName() {
        if (Files.isReadable(CPU_INFO)) {
            try (Stream<String> lines = Files.lines(CPU_INFO)) {
                return lines.filter(line -> line.startsWith("model name"))
                        .map(line -> line.substring(line.indexOf(':') + 1).strip())
                        .findFirst()
                        .orElse(System.getProperty("os.arch"));
            } catch (IOException e) {
                throw new UncheckedIOException(CPU_INFO + " cannot be read", e);
            }
        }
        return System.getProperty("os.arch");
    }

    /** The short commit, with "-dirty" when files other than results are changed or new. */
    private static String commitOf(Path checkout) {
        List<String> commit = git(checkout, "rev-parse", "--short", "HEAD");
        if (commit.isEmpty()) {
            return "nogit";
        }
        boolean clean = git(checkout, "status", "--porcelain", "--", ".", ":!benchmarks/results")
                .isEmpty();
        return commit.get(0) + (clean ? "" : "-dirty");
    }

    /** Lines of output; empty when git is absent or fails. */
    private static List<String> git(Path folder, String... arguments) {
        List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
        command.addAll(List.of(arguments));
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            List<String> lines = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
            return process.waitFor() == 0 ? lines : List.of();
        } catch (IOException e) {
            return List.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return List.of();
        }
    }

    /** A name such as "2026-11-24-epyc-2cpu-c227631". */
    public String fileName() {
        return LocalDate.now(ZoneOffset.UTC) + "-"
                + slug(NOISE.matcher(processor.toLowerCase(Locale.ROOT)).replaceAll(" ")) + "-" + cores + "cpu" + gpu()
                + "-" + commit;
    }

    /** "-h100" when CUDA is available, else an empty text. */
    private String gpu() {
        return backends.stream()
                .filter(backend -> backend.obstacles().isEmpty())
                .flatMap(backend -> backend.facts().stream())
                .map(GPU::matcher)
                .filter(Matcher::matches)
                .map(gpu -> "-" + slug(gpu.group(1).toLowerCase(Locale.ROOT)))
                .findFirst()
                .orElse("");
    }

    private static String slug(String text) {
        return text.replaceAll("[^a-z0-9]+", "-").replaceAll("^-|-$", "");
    }

    /** All facts by name, for JSON. */
    public Map<String, Object> facts() {
        Map<String, Object> facts = new LinkedHashMap<>();
        facts.put("time", Instant.now().toString());
        facts.put("commit", commit);
        facts.put("processor", processor);
        facts.put("cores", cores);
        facts.put("os", System.getProperty("os.name") + " " + System.getProperty("os.version"));
        facts.put("java", Runtime.version().toString());
        facts.put("jvmArguments", ManagementFactory.getRuntimeMXBean().getInputArguments());
        facts.put("versions", versions());
        Map<String, String> variables = new LinkedHashMap<>();
        VARIABLES.forEach(name -> variables.put(name, System.getenv().getOrDefault(name, "(not set)")));
        facts.put("variables", variables);
        Map<String, Object> reports = new LinkedHashMap<>();
        backends.forEach(
                report -> reports.put(report.name(), Map.of("facts", report.facts(), "obstacles", report.obstacles())));
        facts.put("backends", reports);
        return facts;
    }

    /** The versions recorded by the build. */
    private static Map<String, String> versions() {
        Map<String, String> versions = new TreeMap<>();
        try (InputStream resource = BatchLinalg.class.getResourceAsStream("/org/keeplora/cli/versions.properties")) {
            if (resource != null) {
                Properties properties = new Properties();
                properties.load(resource);
                properties.forEach((name, version) -> versions.put(name.toString(), version.toString()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("resource versions.properties cannot be read", e);
        }
        return versions;
    }

    /** Two lines for people. */
    String summary() {
        String usable = backends.stream()
                .map(backend -> backend.name() + " ("
                        + String.join(
                                "; ",
                                backend.obstacles().isEmpty() ? withoutPaths(backend.facts()) : backend.obstacles())
                        + ")")
                .reduce((one, other) -> one + ", " + other)
                .orElse("");
        return String.format(
                Locale.ROOT,
                "%s, commit %s: %s, %d cores, Java %s.%nBackends: %s.%n",
                LocalDate.now(ZoneOffset.UTC),
                commit,
                processor,
                cores,
                Runtime.version(),
                usable);
    }

    /** The text without this machine's folders, because results are published. File names remain. */
    public static String withoutFolders(String text) {
        return FOLDERS.matcher(text).replaceAll("");
    }

    /** The facts without file names. */
    private static List<String> withoutPaths(List<String> facts) {
        return facts.stream().filter(fact -> !fact.startsWith("/")).toList();
    }
}
