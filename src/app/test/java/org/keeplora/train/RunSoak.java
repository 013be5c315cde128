package org.keeplora.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.FreshClip;
import org.keeplora.clip.Tokenizer;
import org.keeplora.clip.WordVocabulary;
import org.keeplora.data.Dataset;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.drawn.DrawnBenchmark;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.method.Preset;
import org.keeplora.store.NamedArray;
import org.keeplora.torch.Precision;
import org.keeplora.train.RunMonitor.Progress;

/**
 * A run of KeepLoRA over many drawn tasks, which prints time and resident memory after each, one line per task. It is a
 * separate program, so that nothing else is measured. Arguments: number of tasks, a folder for the model.
 */
final class RunSoak {
    private static final int WIDTH = 64;
    private static final int RANK = 4;

    private RunSoak() {}

    /** Records time and memory whenever the run finishes a task; keeps no state. */
    private static final class Noting implements Checkpoints {
        private long last = System.nanoTime();
        private int saves;

        @Override
        public void save(List<NamedArray> arrays, Map<String, String> facts) {
            System.gc();
            long fullest = arrays.stream()
                    .filter(array -> array.name().startsWith("protected/")
                            || array.name().startsWith("free/"))
                    .mapToLong(RunSoak::rank)
                    .max()
                    .orElseThrow();
            long now = System.nanoTime();
            System.out.printf(Locale.ROOT, "%d %.3f %d %d%n", saves++, (now - last) / 1e9, resident(), fullest);
            last = now;
        }

        @Override
        public Request request() {
            return Request.CONTINUE;
        }
    }

    /** Rank of a site from the narrower basis that its state holds. */
    private static long rank(NamedArray basis) {
        long cols = basis.shape()[1];
        return basis.name().startsWith("free/") ? basis.shape()[0] - cols : cols;
    }

    /** Resident memory of this process in kB. */
    private static long resident() {
        try {
            return Files.readAllLines(Path.of("/proc/self/status")).stream()
                    .filter(line -> line.startsWith("VmRSS:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")))
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static void main(String[] arguments) throws IOException {
        Logger.getLogger("").setLevel(Level.SEVERE); // full spaces are expected here
        int count = Integer.parseInt(arguments[0]);
        List<String> domains = new DrawnBenchmark(0).domains();
        List<Dataset> tasks = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Dataset drawn = new DrawnBenchmark(i).domain(domains.get(i % domains.size()), 4, 1);
            tasks.add(new Dataset(
                    drawn.name() + "-" + i, drawn.classNames(), drawn.templates(), drawn.train(), drawn.test()));
        }
        Path folder = Path.of(arguments[1]);
        int tokens = WordVocabulary.write(folder.resolve("tokenizer.json"), new DrawnBenchmark(0).vocabulary());
        TowerArchitecture tower = TowerArchitecture.openAi(WIDTH, 2);
        FreshClip.write(
                folder.resolve("model.safetensors"),
                ClipArchitecture.of(tower, tower)
                        .imageSize(48)
                        .patchSize(16)
                        .embedding(WIDTH)
                        .contextLength(24)
                        .vocabulary(tokens)
                        .build(),
                1);
        RunSettings settings = new RunSettings(
                LearningMethod.KEEPLORA,
                new MethodSettings(
                        Preset.PAPER.switches(),
                        RANK,
                        RANK,
                        new MethodSettings.Protection(0.3, 0.1, 0.9),
                        MethodSettings.Head.NONE),
                new TrainSettings(Collections.nCopies(count, 1), 16, 1e-3, 0.01, Precision.FLOAT32),
                1,
                2);
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
                Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
                ClipModel model = ClipModel.load(folder.resolve("model.safetensors"))) {
            RunMonitor monitor = RunMonitor.of(Progress.SILENT);
            RunData data = new RunData(model, tokenizer, 2, Optional.empty(), monitor);
            new ContinualRun(model, data, new ComputeContext(linalg, ProcessGroup.SINGLE, monitor), settings)
                    .run(tasks, List.of(), ContinualRun.Changes.IGNORED, new Noting());
        }
    }
}
