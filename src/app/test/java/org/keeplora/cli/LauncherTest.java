package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The script {@code keeplora} in a checkout without any other file, with a Java and a Maven that only print how they
 * were called.
 */
@EnabledOnOs(
        value = {OS.LINUX, OS.MAC},
        disabledReason = "a script for sh")
final class LauncherTest {
    private static final List<String> TOOLS = List.of(
            "sh",
            "readlink",
            "dirname",
            "cat",
            "sed",
            "mkdir",
            "awk",
            "locale",
            "flock",
            "sleep",
            "rmdir",
            "touch",
            "find",
            "head");
    /** A Java of version 17, as its release file states; when started it prints its locale. */
    private static final String JAVA = "#!/bin/sh\necho \"java with ${LC_ALL:-} and $*\"\n";
    /** Fails if another one is running; last, it writes the file that the launcher waits for. */
    private static final String MAVEN = """
            #!/bin/sh
            set -e
            echo "maven $*"
            mkdir "$CHECKOUT/busy"
            sleep 1
            mkdir -p "$CHECKOUT/src/app/target" "$CHECKOUT/benchmarks/target"
            echo "$CHECKOUT/keeplora" > "$CHECKOUT/src/app/target/classpath.txt"
            case "$*" in *package*) echo "$CHECKOUT/keeplora" > "$CHECKOUT/benchmarks/target/classpath.txt" ;; esac
            rmdir "$CHECKOUT/busy"
            """;

    @TempDir
    Path folder;

    private Path checkout;
    private Path tools;
    private Path jdk;

    @BeforeEach
    void aCheckoutAndTheToolsOfAMachine() throws IOException {
        Path script = Path.of("..", "..", "keeplora");
        assumeTrue(Files.isRegularFile(script), "the launcher lies beside the module only in a checkout");
        checkout = Files.createDirectory(folder.resolve("checkout")).toRealPath();
        Files.copy(script, checkout.resolve("keeplora"));
        Files.writeString(checkout.resolve("pom.xml"), "<project/>");
        tools = Files.createDirectory(folder.resolve("tools"));
        for (String tool : TOOLS) {
            for (String place : List.of("/usr/bin", "/bin")) {
                if (Files.exists(Path.of(place, tool)) && Files.notExists(tools.resolve(tool))) {
                    Files.createSymbolicLink(tools.resolve(tool), Path.of(place, tool));
                }
            }
        }
        jdk = folder.resolve("jdk");
        program(jdk.resolve("bin/java"), JAVA);
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"17.0.1\"\n");
    }

    private static void program(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void built() throws IOException {
        Files.createDirectories(checkout.resolve("src/app/target"));
        Files.writeString(
                checkout.resolve("src/app/target/classpath.txt"),
                checkout.resolve("keeplora").toString());
    }

    private Process start(Path log, Map<String, String> environment, String... arguments) throws IOException {
        List<String> command = new java.util.ArrayList<>(List.of("/bin/sh", checkout + "/keeplora"));
        command.addAll(List.of(arguments));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
        builder.environment().clear();
        builder.environment().put("PATH", tools.toString());
        builder.environment().put("CHECKOUT", checkout.toString());
        builder.environment().putAll(environment);
        return builder.start();
    }

    private void assertOutcome(int exit, String printed, Map<String, String> environment) throws Exception {
        Path log = folder.resolve("log");
        Process process = start(log, environment, "--help");
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
        assertEquals(printed, Files.readString(log));
        assertEquals(exit, process.exitValue());
    }

    private Map<String, String> withJdk(String... more) {
        Map<String, String> environment = new HashMap<>(Map.of("JAVA_HOME", jdk.toString()));
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return environment;
    }

    @Test
    void aWrongJavaHomeIsNamed() throws Exception {
        assertOutcome(
                2,
                "keeplora: JAVA_HOME is /nowhere, but there is no bin/java; set it to a JDK of version 17 or newer, or unset it\n",
                Map.of("JAVA_HOME", "/nowhere"));
    }

    @Test
    void aBuildWithUnreadableLibrariesIsNamed() throws Exception {
        built();
        Files.writeString(checkout.resolve("src/app/target/classpath.txt"), "/nowhere/a.jar:/nowhere/b.jar\n");
        assertOutcome(
                2,
                "keeplora: /nowhere/a.jar, which the build named, cannot be read; if another user has built this checkout, delete "
                        + checkout + "/src/app/target and start again\n",
                withJdk());
    }

    @Test
    void noJavaIsOneLine() throws Exception {
        assertOutcome(
                2,
                "keeplora: there is no java on the PATH; install a JDK of version 17 or newer, or set JAVA_HOME to one\n",
                Map.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"11.0.2", "1.8.0_292", "16"})
    void anOldJavaIsRefusedWithItsVersion(String version) throws Exception {
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"" + version + "\"\n");
        String refusal = "keeplora: " + jdk.resolve("bin/java") + " has version " + version
                + ", but 17 or newer is needed; set JAVA_HOME to such a JDK\n";
        assertOutcome(2, refusal, withJdk());
        Files.delete(jdk.resolve("release"));
        Files.delete(folder.resolve("log"));
        program(jdk.resolve("bin/java"), "#!/bin/sh\necho 'openjdk version \"" + version + "\" 2019' >&2\n");
        assertOutcome(2, refusal, withJdk());
    }

    @Test
    void noMavenIsOneLine() throws Exception {
        assertOutcome(
                2,
                "keeplora: there is no mvn on the PATH, which builds the program; install Maven 3.8 or newer\n",
                withJdk());
    }

    @Test
    void aFailedBuildIsReported() throws Exception {
        program(tools.resolve("mvn"), "#!/bin/sh\necho '[ERROR] no network'\nexit 1\n");
        assertOutcome(
                2,
                "keeplora: building the program\n[ERROR] no network\n"
                        + "keeplora: the build has failed, and the lines above say why; then start again\n",
                withJdk());
    }

    @ParameterizedTest
    @CsvSource({
        "LC_ALL, C, C.UTF-8",
        "LANG, xx_XX.UTF-8, C.UTF-8",
        "LANG, '', C.UTF-8",
        "LC_ALL, C.UTF-8, C.UTF-8",
        "LANG, C.UTF-8, ''"
    })
    void javaStartsInALocaleOfUtf8(String variable, String value, String expected) throws Exception {
        assumeTrue(Files.exists(tools.resolve("locale")), "without the program locale nobody can tell");
        built();
        Path log = folder.resolve("log");
        assertTrue(start(log, withJdk(variable, value)).waitFor(1, TimeUnit.MINUTES));
        assertTrue(Files.readString(log).startsWith("java with " + expected + " and "), Files.readString(log));
    }

    @ParameterizedTest
    @CsvSource({"--help, building the program", "bench, building the benchmarks"})
    void oneOfTwoThatStartAtOnceBuilds(String argument, String message) throws Exception {
        assumeTrue(Files.exists(tools.resolve("flock")), "the machine has no flock");
        program(tools.resolve("mvn"), MAVEN);
        List<Path> logs = List.of(folder.resolve("first"), folder.resolve("second"));
        List<Process> both = List.of(start(logs.get(0), withJdk(), argument), start(logs.get(1), withJdk(), argument));
        String printed = "";
        for (int i = 0; i < both.size(); i++) {
            assertTrue(both.get(i).waitFor(1, TimeUnit.MINUTES));
            printed += Files.readString(logs.get(i));
            assertEquals(0, both.get(i).exitValue(), printed);
        }
        assertEquals(1, printed.lines().filter(("keeplora: " + message)::equals).count(), printed);
        assertEquals(
                1, printed.lines().filter(line -> line.startsWith("maven ")).count(), printed);
        assertEquals(
                2, printed.lines().filter(line -> line.startsWith("java with ")).count(), printed);
    }

    @Test
    void aChangedSourceIsBuilt() throws Exception {
        String started = javaStarted();
        Path source = checkout.resolve("src/app/main/java/Main.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, "class Main {}");
        Path built = checkout.resolve("src/app/target/classpath.txt");
        Files.setLastModifiedTime(built, FileTime.from(Instant.now().minusSeconds(10)));
        program(tools.resolve("mvn"), "#!/bin/sh\n");
        assertOutcome(0, "keeplora: building the program\n" + started, withJdk());
        Files.delete(folder.resolve("log"));
        assertOutcome(0, started, withJdk());
    }

    @Test
    void aDeletedSourceIsNoticed() throws Exception {
        String started = javaStarted();
        Path folderOfIt = Files.createDirectories(checkout.resolve("src/app/main/java"));
        Path source = Files.writeString(folderOfIt.resolve("Main.java"), "class Main {}");
        FileTime before = FileTime.from(Instant.now().minusSeconds(20));
        Files.setLastModifiedTime(checkout.resolve("pom.xml"), before);
        for (Path old = source; !old.equals(checkout.resolve("src")); old = old.getParent()) {
            Files.setLastModifiedTime(old, before);
        }
        Path built = checkout.resolve("src/app/target/classpath.txt");
        Files.setLastModifiedTime(built, FileTime.from(Instant.now().minusSeconds(10)));
        program(tools.resolve("mvn"), "#!/bin/sh\n");
        assertOutcome(0, started, withJdk());
        Files.delete(folder.resolve("log"));
        Files.delete(source);
        assertOutcome(0, "keeplora: building the program\n" + started, withJdk());
    }

    /** The output when nothing needs to be built. */
    private String javaStarted() throws Exception {
        Path log = folder.resolve("expected");
        built();
        assertTrue(start(log, withJdk(), "--help").waitFor(1, TimeUnit.MINUTES));
        return Files.readString(log);
    }

    @Test
    void anInstalledArchiveRunsItsJarsWithoutMaven() throws Exception {
        Files.delete(checkout.resolve("pom.xml"));
        Files.createDirectory(checkout.resolve("lib"));
        assertEnds("/lib/* org.keeplora.cli.Main --help", "--help");
        assertEnds("/lib/* org.keeplora.cli.Main bench", "bench"); // which says what commands there are
        Files.createFile(checkout.resolve("lib/keeplora4j-benchmarks-1.jar"));
        assertEnds("/lib/* org.keeplora.bench.Bench --quick", "bench", "--quick");
    }

    private void assertEnds(String command, String... arguments) throws Exception {
        Path log = folder.resolve("log");
        assertTrue(start(log, withJdk(), arguments).waitFor(1, TimeUnit.MINUTES));
        String printed = Files.readString(log);
        assertTrue(printed.endsWith("-cp " + checkout + command + "\n"), printed);
    }
}
