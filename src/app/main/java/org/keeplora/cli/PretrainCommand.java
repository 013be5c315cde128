package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.keeplora.store.RunDirectory;
import org.keeplora.torch.Precision;
import org.keeplora.train.TrainSettings;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Makes the small CLIP that is part of the program; the defaults are the settings that made it. */
@Command(
        name = "pretrain",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        showDefaultValues = true,
        description = "Train a small CLIP from scratch on captioned drawings, like the demo's.")
final class PretrainCommand implements Callable<Integer> {
    @Option(names = "--out", required = true, paramLabel = "FOLDER", description = "Where model and log go.")
    private Path out;

    @Option(names = "--seed", description = "Seed of drawings, weights and order.")
    private long seed = 1;

    @Option(names = "--pairs", description = "Number of captioned drawings.")
    private int pairs = 16_000;

    @Option(names = "--epochs", description = "Passes over the drawings.")
    private int epochs = 12;

    @Option(names = "--batch-size", description = "Pairs per step; the loss compares them with each other.")
    private int batchSize = 200;

    @Option(names = "--learning-rate", description = "Peak of the one-cycle schedule.")
    private double learningRate = 1e-3;

    @Option(names = "--weight-decay", description = "Weight decay of AdamW.")
    private double weightDecay = 0.1;

    @Option(names = "--threads", description = "Number of threads; by default all cores.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @ParentCommand
    private Main main;

    @Override
    public Integer call() throws IOException {
        requirePositive("--pairs", pairs);
        requirePositive("--epochs", epochs);
        requirePositive("--batch-size", batchSize);
        requirePositive("--threads", threads);
        TrainSettings training =
                new TrainSettings(List.of(epochs), batchSize, learningRate, weightDecay, Precision.FLOAT32);
        Pretraining.Settings settings = new Pretraining.Settings(seed, pairs, training);
        try (RunDirectory folder = RunDirectory.create(out)) {
            double loss = new Pretraining(settings, threads, main.verbosity().progress()).run(folder);
            System.out.printf(Locale.ROOT, "Last loss %.3f. Written to %s%n", loss, folder.commit());
        }
        return Main.OK;
    }

    private static void requirePositive(String option, int value) {
        ConfigProblem.unless(value >= 1, "%s is %s; it must be at least 1", option, value);
    }
}
