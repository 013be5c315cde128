package org.keeplora.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import joptsimple.OptionException;
import joptsimple.OptionParser;
import joptsimple.OptionSet;

/**
 * The options of {@link Bench}.
 *
 * @param filters regular expressions; a benchmark runs if its name contains a match of one of them; without filters all
 *     run
 * @param quick one fork and few, short iterations
 * @param parameters values instead of a benchmark's own, by the parameter's name
 * @param out folder for the results
 * @param commit names the results, instead of git's answer
 * @param files system properties of the benchmarks that read files; when empty, these benchmarks do not run
 */
record BenchOptions(
        List<String> filters,
        boolean quick,
        Map<String, String[]> parameters,
        Optional<Path> out,
        Optional<String> commit,
        List<String> files) {
    static final String USAGE = """
            usage: keeplora bench [OPTIONS] [FILTER ...]
            Times operations, each compared with a known result before. FILTER is a part of a benchmark's name, or a
            regular expression, in any case of letters; none means all that read no files and run on every backend.

              --quick             one fork and few, short iterations: to try things out, not to be reported
              --backend LIST      of cpu, cuda, torch-cpu, torch-cuda; by default cpu,torch-cpu
              --param NAME=LIST   values of a benchmark's parameter, as shape=VIT_B16_BLOCK or type=F32; repeatable
              --threads N         threads of the host; by default as many as it has cores
              --out DIR           where results go; by default benchmarks/results of the checkout
              --commit ID         what was built, where git cannot say it
              --data DIR          folder of mtil-mini, and
              --model DIR         of a small CLIP: for the benchmarks that read files

            Writes <date>-<machine>-<commit>.json (JMH's), .environment.json and .md (a table, also printed).
            Exit codes: 0 done, 1 a benchmark failed, 2 wrong usage.
            """;

    BenchOptions {
        filters = List.copyOf(filters);
        parameters = Map.copyOf(parameters);
        files = List.copyOf(files);
    }

    /**
     * @return empty when help is requested
     * @throws IllegalArgumentException saying what is wrong with {@code arguments}
     */
    static Optional<BenchOptions> parse(String... arguments) {
        try {
            OptionSet given = parser().parse(arguments);
            return given.has("help") ? Optional.empty() : Optional.of(read(given));
        } catch (OptionException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static OptionParser parser() {
        OptionParser parser = new OptionParser(false);
        parser.acceptsAll(List.of("h", "help")).forHelp();
        parser.accepts("quick");
        parser.accepts("threads").withRequiredArg().ofType(Integer.class);
        parser.accepts("backend").withRequiredArg().withValuesSeparatedBy(',');
        for (String option : List.of("param", "out", "commit", "data", "model")) {
            parser.accepts(option).withRequiredArg();
        }
        return parser;
    }

    private static BenchOptions read(OptionSet given) {
        if (given.has("data") != given.has("model")) {
            throw new IllegalArgumentException("--data and --model are needed together");
        }
        int threads = given.has("threads")
                ? (Integer) given.valueOf("threads")
                : Runtime.getRuntime().availableProcessors();
        return new BenchOptions(
                texts(given.nonOptionArguments()),
                given.has("quick"),
                parameters(texts(given.valuesOf("param")), texts(given.valuesOf("backend")), threads),
                text(given, "out").map(Path::of),
                text(given, "commit"),
                Stream.of("data", "model")
                        .flatMap(name -> text(given, name)
                                .map(folder -> "-Dkeeplora." + name + "="
                                        + Path.of(folder).toAbsolutePath())
                                .stream())
                        .toList());
    }

    private static Optional<String> text(OptionSet given, String option) {
        return Optional.ofNullable(given.valueOf(option)).map(Object::toString);
    }

    private static List<String> texts(List<?> values) {
        return values.stream().map(Object::toString).toList();
    }

    private static Map<String, String[]> parameters(List<String> given, List<String> backends, int threads) {
        if (threads < 1) {
            throw new IllegalArgumentException("--threads is " + threads + "; at least 1 is needed");
        }
        Map<String, String[]> all = new LinkedHashMap<>();
        all.put("threads", new String[] {String.valueOf(threads)});
        if (!backends.isEmpty()) {
            all.put("backend", backends.stream().map(BenchOptions::backend).toArray(String[]::new));
        }
        for (String parameter : given) {
            int equals = parameter.indexOf('=');
            if (equals < 1) {
                throw new IllegalArgumentException(
                        "--param is '" + parameter + "'; it must be NAME=VALUE or NAME=LIST");
            }
            all.put(
                    parameter.substring(0, equals),
                    parameter.substring(equals + 1).split(","));
        }
        return all;
    }

    private static String backend(String given) {
        String name = given.strip().toUpperCase(Locale.ROOT).replace('-', '_');
        if (Arrays.stream(Backend.values()).noneMatch(backend -> backend.name().equals(name))) {
            throw new IllegalArgumentException("--backend has '" + given + "'; it must be one of "
                    + Arrays.toString(Backend.values()).toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        return name;
    }
}
