package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A stopped run is resumed after a change that affects its results: it is refused, naming the key or the task. */
@Tag("slow")
final class ResumeOtherwiseTest {
    private static final int TRAIN = 6;
    private static final int TEST = 2;

    /** More epochs than there is time for before the run is stopped. */
    private static final int EPOCHS = 60;

    @TempDir
    Path folder;

    private Path pictures() throws IOException {
        Path root = folder.resolve("pictures");
        for (String name : List.of("dark", "light")) {
            for (int i = 0; i < TRAIN + TEST; i++) {
                BufferedImage image = new BufferedImage(40, 40, BufferedImage.TYPE_INT_RGB);
                image.setRGB(i, i, name.equals("dark") ? 0x202020 : 0xf0f0f0);
                Path half = root.resolve(i < TRAIN ? "train" : "test").resolve(name);
                ImageIO.write(
                        image,
                        "png",
                        Files.createDirectories(half).resolve(i + ".png").toFile());
            }
        }
        return root;
    }

    /** Starts the run in {@link #folder} and stops it; the following steps use another working directory. */
    private void stopInTraining(RunFolder run, Program program, List<String> arguments)
            throws IOException, InterruptedException {
        Process process = program.start(folder, Map.of(), Program.command(arguments));
        run.waitForTraining(process, program);
        process.destroy();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES), "a stopped run ends");
    }

    private static void assertRefused(String message, String printed) {
        assertEquals("2 keeplora: " + message + System.lineSeparator(), printed);
    }

    private static void edit(Path file, String before, String after) throws IOException {
        String text = Files.readString(file);
        assertTrue(text.contains(before), text);
        Files.writeString(file, text.replace(before, after));
    }

    @Test
    void isRefusedByKeyAndByTask() throws IOException, InterruptedException {
        Path pictures = pictures();
        RunFolder folderOfRun = new RunFolder(folder.resolve("run"));
        Path run = folderOfRun.path();
        stopInTraining(
                folderOfRun,
                new Program(folder.resolve("log.txt")),
                Program.smallRun(
                        EPOCHS,
                        run,
                        "--set",
                        "data.tasks=[{name: Own, folder: pictures}, {drawn: digits, train: 2, test: 2}]",
                        "--set",
                        "train.epochs=[" + EPOCHS + ", 1]"));

        Path config = run.resolve("run.yaml");
        String began = Files.readString(config);
        edit(config, "learning_rate: 0.002", "learning_rate: 0.003");
        edit(config, "rank: 16", "rank: 8");
        edit(config, "seed: 42", "seed: 43");
        edit(config, "- " + EPOCHS + "\n", "- 2\n");
        assertRefused(
                run
                        + ": run.yaml is not the configuration that the run began with: method.rank is 8, but was 16;"
                        + " train.epochs is [2, 1], but was [" + EPOCHS
                        + ", 1]; train.learning_rate is 0.003, but was 0.002; train.seed is 43, but was 42;"
                        + " put that back, or start a new run",
                Program.execute("resume", run.toString()));
        Files.writeString(config, began);

        String advice = "; restore that, or start a new run";
        Path added = Files.copy(pictures.resolve("train/dark/0.png"), pictures.resolve("train/dark/new.png"));
        assertRefused(
                run + ": not what the run began with: Own: it has 13 training images, but had 12" + advice,
                Program.execute("resume", run.toString()));
        Files.delete(added);
        Path moved = Files.move(pictures.resolve("test/dark/6.png"), pictures.resolve("test/dark/7b.png"));
        assertRefused(
                run + ": not what the run began with: Own: names, sizes or labels of its 4 test images have changed"
                        + advice,
                Program.execute("resume", run.toString()));
        Files.move(moved, pictures.resolve("test/dark/6.png"));
        for (String half : List.of("train", "test")) {
            Files.move(
                    pictures.resolve(half).resolve("light"),
                    pictures.resolve(half).resolve("pale"));
        }
        assertRefused(
                run + ": not what the run began with: Own: its classes are [dark, pale], but were [dark, light]"
                        + advice,
                Program.execute("resume", run.toString()));
        for (String half : List.of("train", "test")) {
            Files.move(
                    pictures.resolve(half).resolve("pale"),
                    pictures.resolve(half).resolve("light"));
        }

        Path elsewhere = Files.move(pictures, folder.resolve("elsewhere"));
        edit(config, pictures.toString(), elsewhere.toString());
        edit(config, "minutes: 0.0", "minutes: 5.0");
        String resumed = Program.execute("resume", run.toString());
        assertTrue(resumed.startsWith("0 "), resumed);
        JsonNode changes =
                new ObjectMapper().readTree(run.resolve("start.json").toFile()).get("changes");
        assertEquals("[\"save.minutes is 5.0, but was 0.0\"]", changes.toString());
        assertTrue(resumed.contains("save.minutes is 5.0, but was 0.0"), resumed);

        finishedRunIsCheckedBeforeItIsUsed(run, elsewhere);
    }

    private static void finishedRunIsCheckedBeforeItIsUsed(Path run, Path pictures) throws IOException {
        assertTrue(Program.execute("evaluate", run.toString()).startsWith("0 "));
        Path removed = pictures.resolve("test/dark/6.png");
        byte[] image = Files.readAllBytes(removed);
        Files.delete(removed);
        assertRefused(
                run + ": not what the run began with: Own: it has 3 test images, but had 4; restore that, or start a"
                        + " new run",
                Program.execute("evaluate", run.toString()));
        Files.write(removed, image);

        Path metrics = run.resolve("metrics.json");
        edit(metrics, "\"seed\"", "\"Seed\"");
        for (String command : List.of("evaluate", "report", "compare")) {
            String printed = Program.execute(command, run.toString());
            assertTrue(printed.startsWith("2 keeplora: " + metrics + ": changed since it was written"), printed);
        }
        assertFalse(Files.exists(Path.of("report.html")), "nothing was written");
    }
}
