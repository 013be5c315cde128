package org.keeplora.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.DecodedCache;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.torch.TorchDevice;
import org.keeplora.train.ComputeContext;
import org.keeplora.train.ContinualRun;
import org.keeplora.train.RunData;
import org.keeplora.train.RunMonitor;
import org.keeplora.train.SpectrumStudy;

/** The opened parts of a configuration that compute: linear algebra, vocabulary and model. */
final class RunParts implements AutoCloseable {
    private static final double GIGABYTE = 1e9;

    private final RunConfig config;
    private final ResourceScope scope = new ResourceScope();
    private final Linalg linalg;
    private final Tokenizer tokenizer;
    private final ClipModel model;

    /** The source of a model. */
    interface ModelSource {
        ClipModel open() throws IOException;
    }

    private RunParts(RunConfig config, ModelSource source) throws IOException {
        this.config = config;
        try {
            linalg = scope.keep(linalg(config.runtime()));
            tokenizer = scope.keep(Tokenizer.open(new ModelFiles(config.model()).vocabulary()));
            model = scope.keep(source.open());
        } catch (IOException | RuntimeException | Error e) {
            scope.close();
            throw e;
        }
    }

    /** Opens the parts with the pre-trained model. */
    static RunParts open(RunConfig config) throws IOException {
        return open(config, () -> pretrained(config));
    }

    /** Opens the parts with a model that a run made from the pre-trained one. */
    static RunParts open(RunConfig config, ModelSource source) throws IOException {
        return new RunParts(config, source);
    }

    /** The pre-trained model of {@code config}; the caller closes it. */
    static ClipModel pretrained(RunConfig config) {
        return ClipModel.load(
                new ModelFiles(config.model()).checkpoint(),
                config.runtime().device(),
                Optional.ofNullable(config.model().activation()));
    }

    private static Linalg linalg(RunConfig.Runtime runtime) {
        BackendChoice choice = BackendSetting.of(runtime.backend());
        if (runtime.device() == TorchDevice.CPU) {
            return Linalg.open(choice, runtime.threads());
        }
        requireDevice(runtime);
        return Linalg.open(choice, runtime.threads(), TorchDevice.stream());
    }

    /** @throws ConfigProblem saying why the device of {@code runtime} cannot be used */
    static void requireDevice(RunConfig.Runtime runtime) {
        Optional<String> obstacle = runtime.device().obstacle();
        ConfigProblem.unless(obstacle.isEmpty(), "runtime.device is cuda, but %s", obstacle.orElse(""));
    }

    Linalg linalg() {
        return linalg;
    }

    Tokenizer tokenizer() {
        return tokenizer;
    }

    ClipModel model() {
        return model;
    }

    /** The data sets as this model reads them. */
    RunData data(RunMonitor monitor) {
        Optional<DecodedCache> cache = Optional.ofNullable(config.data().cache())
                .map(folder ->
                        DecodedCache.in(Path.of(folder), (long) (config.data().cacheGb() * GIGABYTE)));
        return new RunData(model, tokenizer, config.runtime().threads(), cache, monitor);
    }

    /** The run of the configuration on all processes of {@code group}. */
    ContinualRun run(ProcessGroup group, RunMonitor monitor) {
        return new ContinualRun(model, data(monitor), new ComputeContext(linalg, group, monitor), config.settings());
    }

    /** The spectrum study of the configuration, in this process. */
    SpectrumStudy spectrum(RunMonitor monitor) {
        return new SpectrumStudy(
                model, data(monitor), new ComputeContext(linalg, ProcessGroup.SINGLE, monitor), config.settings());
    }

    @Override
    public void close() {
        scope.close();
    }
}
