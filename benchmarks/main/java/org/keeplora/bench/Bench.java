package org.keeplora.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.NativeCache;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.results.format.ResultFormatFactory;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.BenchmarkList;
import org.openjdk.jmh.runner.BenchmarkListEntry;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.format.OutputFormatFactory;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.Options;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/**
 * {@code keeplora bench}: runs the requested benchmarks one after another. After each it writes all results so far, so
 * an interrupted run keeps what it measured.
 */
public final class Bench {
    /** Matches the benchmarks that read files. */
    private static final String READS_FILES = "TaskBenchmark|DecodeJpegBenchmark";

    /** Matches the benchmarks that only CUDA can run; they run only on request. */
    private static final String NEEDS_CUDA = "EigenSolverBenchmark";

    private static final int QUICK_ITERATIONS = 3;
    private static final TimeValue QUICK_TIME = TimeValue.milliseconds(200);
    private static final int DONE = 0;
    private static final int FAILED = 1;
    private static final int WRONG_USAGE = 2;

    private final BenchOptions options;
    private final Environment environment;
    private final Path file;
    private final List<RunResult> results = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    private Bench(BenchOptions options, Environment environment, Path file) {
        this.options = options;
        this.environment = environment;
        this.file = file;
    }

    /** See {@link BenchOptions#USAGE}. */
    public static void main(String[] arguments) throws IOException {
        System.exit(execute(arguments));
    }

    private static int execute(String... arguments) throws IOException {
        BenchOptions options;
        try {
            options = BenchOptions.parse(arguments).orElse(null);
        } catch (IllegalArgumentException e) {
            System.err.println("keeplora bench: " + e.getMessage());
            return WRONG_USAGE;
        }
        if (options == null) {
            System.out.print(BenchOptions.USAGE);
            return DONE;
        }
        Collection<BenchmarkListEntry> benchmarks = matching(options);
        if (benchmarks.isEmpty()) {
            System.err.println("keeplora bench: no benchmark's name contains " + String.join(" or ", options.filters())
                    + "; known are "
                    + String.join(", ", names(matching(BenchOptions.parse().orElseThrow()))));
            return WRONG_USAGE;
        }
        Path checkout = checkout();
        NativeCache.prepare(); // as each benchmark's process does, which then finds all as it was surveyed here
        Environment environment = Environment.of(checkout, options.commit());
        Path folder = options.out().orElse(checkout.resolve("benchmarks/results"));
        Files.createDirectories(folder);
        return new Bench(options, environment, folder.resolve(environment.fileName())).run(benchmarks);
    }

    private static Collection<BenchmarkListEntry> matching(BenchOptions options) {
        List<String> includes = options.filters().isEmpty()
                ? List.of(".*")
                : options.filters().stream().map(filter -> "(?i)" + filter).toList();
        List<String> excludes = new ArrayList<>();
        if (options.files().isEmpty()) {
            excludes.add(READS_FILES);
        }
        if (options.filters().isEmpty()) {
            excludes.add(NEEDS_CUDA);
        }
        return BenchmarkList.defaultList()
                .find(OutputFormatFactory.createFormatInstance(System.out, VerboseMode.SILENT), includes, excludes);
    }

    private static List<String> names(Collection<BenchmarkListEntry> benchmarks) {
        return benchmarks.stream()
                .map(benchmark -> ResultTable.shortName(benchmark.getUsername()))
                .toList();
    }

    /** The folder above this module if the classes were loaded from a folder; else the working folder. */
    private static Path checkout() {
        try {
            Path classes = Path.of(Bench.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            return classes.endsWith("benchmarks/target/classes")
                    ? classes.resolve("../../..").normalize()
                    : Path.of("").toAbsolutePath();
        } catch (URISyntaxException e) {
            throw new IllegalStateException("place of the class " + Bench.class.getName(), e);
        }
    }

    private int run(Collection<BenchmarkListEntry> benchmarks) throws IOException {
        for (BenchmarkListEntry benchmark : benchmarks) {
            Set<String> missing = new LinkedHashSet<>(problems(benchmark));
            try {
                for (RunResult result : new Runner(jmh(benchmark)).run()) {
                    results.add(result);
                    missing.remove(label(result.getParams()));
                }
            } catch (RunnerException e) {
                System.err.println("keeplora bench: " + benchmark.getUsername() + ": " + e.getMessage());
            }
            failures.addAll(missing);
            write();
        }
        System.out.println();
        System.out.print(Environment.withoutFolders(table()));
        System.out.println("\nWritten: " + file + ".json, .environment.json, .md");
        return failures.isEmpty() ? DONE : FAILED;
    }

    private Options jmh(BenchmarkListEntry benchmark) {
        ChainedOptionsBuilder jmh = new OptionsBuilder()
                .include("^" + benchmark.getUsername().replace(".", "\\.") + "$")
                .shouldFailOnError(false)
                .addProfiler(Rates.class)
                .addProfiler(GCProfiler.class)
                .jvmArgsAppend(jvmArguments(benchmark));
        options.parameters().forEach(jmh::param);
        if (options.quick()) {
            jmh.forks(1)
                    .warmupIterations(1)
                    .warmupTime(QUICK_TIME)
                    .measurementIterations(QUICK_ITERATIONS)
                    .measurementTime(QUICK_TIME);
        }
        return jmh.build();
    }

    /**
     * JVM arguments: the benchmark's own, which JMH would drop when we pass ours, the paths of files, and that CUDA is
     * usable.
     */
    private String[] jvmArguments(BenchmarkListEntry benchmark) {
        List<String> arguments = new ArrayList<>(benchmark.getJvmArgsAppend().orElse(List.of()));
        arguments.addAll(options.files());
        arguments.addAll(Linalg.childOptions());
        return arguments.toArray(String[]::new);
    }

    /** All combinations of the benchmark's parameters that will run. */
    private List<String> problems(BenchmarkListEntry benchmark) {
        List<String> labels = List.of("");
        Map<String, String[]> parameters = new TreeMap<>(benchmark.getParams().orElse(Map.of()));
        for (Map.Entry<String, String[]> parameter : parameters.entrySet()) {
            String[] values = options.parameters().getOrDefault(parameter.getKey(), parameter.getValue());
            List<String> longer = new ArrayList<>();
            for (String label : labels) {
                for (String value : values) {
                    longer.add(label + " " + parameter.getKey() + "=" + value);
                }
            }
            labels = longer;
        }
        return labels.stream().map(label -> benchmark.getUsername() + label).toList();
    }

    /** The label of one combination, as in {@link #problems}. */
    private static String label(BenchmarkParams parameters) {
        StringBuilder label = new StringBuilder(parameters.getBenchmark());
        new TreeSet<>(parameters.getParamsKeys())
                .forEach(name -> label.append(' ').append(name).append('=').append(parameters.getParam(name)));
        return label.toString();
    }

    private void write() throws IOException {
        ByteArrayOutputStream json = new ByteArrayOutputStream();
        ResultFormatFactory.getInstance(ResultFormatType.JSON, new PrintStream(json, true, StandardCharsets.UTF_8))
                .writeOut(results);
        put(".json", json.toString(StandardCharsets.UTF_8));
        Map<String, Object> facts = new LinkedHashMap<>(environment.facts());
        facts.put("quick", options.quick());
        facts.put("failed", failures);
        put(
                ".environment.json",
                new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(facts));
        put(".md", table());
    }

    private void put(String suffix, String text) throws IOException {
        Files.writeString(Path.of(file + suffix), Environment.withoutFolders(text));
    }

    private String table() throws IOException {
        ResultTable table = new ResultTable();
        table.add(new ObjectMapper().readTree(Path.of(file + ".json").toFile()));
        StringBuilder text = new StringBuilder(environment.summary());
        if (options.quick()) {
            text.append("Quick: too few shots to be reported.\n");
        }
        text.append('\n').append(table.markdown());
        if (!failures.isEmpty()) {
            text.append("\nFailed, see JMH's output for the reason:\n");
            failures.forEach(failure -> text.append("- ").append(failure).append('\n'));
        }
        return text.toString();
    }
}
