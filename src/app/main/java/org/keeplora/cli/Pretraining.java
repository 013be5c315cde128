package org.keeplora.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.keeplora.clip.Activation;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.FreshClip;
import org.keeplora.clip.Tokenizer;
import org.keeplora.clip.WordVocabulary;
import org.keeplora.drawn.CaptionedImage;
import org.keeplora.drawn.DrawnBenchmark;
import org.keeplora.store.RunDirectory;
import org.keeplora.torch.Precision;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.ContrastivePretraining;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.RunMonitor.Progress;
import org.keeplora.train.TrainSettings;

/** Trains a small CLIP from scratch: vocabulary, random weights, captioned drawings. */
final class Pretraining {
    /** Name of the folder with the model. */
    static final String MODEL = "model";

    private static final String TOKENIZER = "tokenizer.json";
    private static final String LOG = "pretraining.json";
    private static final int PATCH = 8;
    private static final int WIDTH = 128;
    private static final int VISION_BLOCKS = 4;
    private static final int TEXT_BLOCKS = 2;
    /** The longest caption has 13 words, and prompts end with a full stop. */
    private static final int CONTEXT = 24;

    /** Number of losses in the log; each is the mean of equally many steps. */
    private static final int LOSSES = 100;

    private final Settings settings;
    private final int threads;
    private final Progress progress;

    /**
     * The settings that decide the result.
     *
     * @param seed of drawings, weights and order
     * @param pairs number of captioned drawings
     */
    record Settings(long seed, int pairs, TrainSettings training) {}

    Pretraining(Settings settings, int threads, Progress progress) {
        this.settings = settings;
        this.threads = threads;
        this.progress = progress;
    }

    /** Trains and writes model and log; returns the last loss. */
    double run(RunDirectory output) throws IOException {
        DrawnBenchmark drawings = new DrawnBenchmark(settings.seed());
        Path folder = output.folder(MODEL);
        int tokens = WordVocabulary.write(folder.resolve(TOKENIZER), drawings.vocabulary());
        Path fresh = Files.createTempFile("fresh-clip", ".safetensors");
        try (Tokenizer tokenizer = Tokenizer.open(folder.resolve(TOKENIZER))) {
            FreshClip.write(fresh, shape(tokens), settings.seed());
            try (ClipModel model = ClipModel.load(fresh, TorchDevice.CPU, Optional.of(Activation.QUICK_GELU))) {
                double[] losses = train(model, tokenizer, drawings);
                model.save(folder, Precision.FLOAT16);
                Files.writeString(output.file(LOG), log(losses));
                return losses[losses.length - 1];
            }
        } finally {
            Files.delete(fresh);
        }
    }

    private static ClipArchitecture shape(int tokens) {
        return ClipArchitecture.of(
                        TowerArchitecture.openAi(WIDTH, VISION_BLOCKS), TowerArchitecture.openAi(WIDTH, TEXT_BLOCKS))
                .imageSize(DrawnBenchmark.SIZE)
                .patchSize(PATCH)
                .embedding(WIDTH)
                .contextLength(CONTEXT)
                .vocabulary(tokens)
                .build();
    }

    private double[] train(ClipModel model, Tokenizer tokenizer, DrawnBenchmark drawings) {
        List<CaptionedImage> pairs = drawings.general(settings.pairs());
        return new ContrastivePretraining(model, tokenizer, settings.training(), RunMonitor.of(progress))
                .train(
                        pairs.stream().map(CaptionedImage::image).toList(),
                        pairs.stream().map(CaptionedImage::caption).toList(),
                        settings.seed(),
                        threads);
    }

    private String log(double[] losses) throws IOException {
        Map<String, Object> log = new LinkedHashMap<>();
        log.put("drawings", DrawnBenchmark.VERSION);
        log.put("settings", settings);
        log.put("steps", losses.length);
        log.put("meanLosses", means(losses));
        log.put("versions", Versions.all());
        return new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT).writeValueAsString(log) + "\n";
    }

    private static List<Double> means(double[] losses) {
        int parts = Math.min(LOSSES, losses.length);
        List<Double> means = new ArrayList<>();
        for (int part = 0; part < parts; part++) {
            int from = (int) ((long) part * losses.length / parts);
            int to = (int) ((part + 1L) * losses.length / parts);
            means.add(Arrays.stream(losses, from, to).average().orElseThrow());
        }
        return means;
    }
}
