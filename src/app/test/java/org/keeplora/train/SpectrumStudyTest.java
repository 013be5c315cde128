package org.keeplora.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.bytedeco.javacpp.PointerScope;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.method.Preset;
import org.keeplora.report.SpectrumReport;
import org.keeplora.testing.MiniMtil;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchShuffle;
import org.keeplora.train.RunMonitor.Progress;

/** Cutting the spectrum: how many directions a share keeps, and that the model is restored afterwards. */
@Tag("shared")
final class SpectrumStudyTest {
    @Test
    void sharesOfEnergyKeepFewerDirectionsThanSharesOfValues() {
        double[] values = {4, 2, 1, 1};
        assertEquals(1, SpectrumStudy.Share.ENERGY.rank(values, 16.0 / 22));
        assertEquals(2, SpectrumStudy.Share.ENERGY.rank(values, 17.0 / 22));
        assertEquals(2, SpectrumStudy.Share.SINGULAR_VALUES.rank(values, 6.0 / 8));
        assertEquals(4, SpectrumStudy.Share.SINGULAR_VALUES.rank(values, 1));
    }

    @Test
    void everythingKeptIsTheZeroShotModelAndTheModelComesBack() {
        Dataset all = DatasetCatalog.open("MNIST", MiniMtil.root(), TorchShuffle::permutation);
        RunSettings settings = new RunSettings(
                LearningMethod.ZERO_SHOT,
                new MethodSettings(
                        Preset.PAPER.switches(),
                        1,
                        1,
                        new MethodSettings.Protection(0, 0, 0),
                        MethodSettings.Head.NONE),
                new TrainSettings(List.of(1), 64, 1e-3, 0, Precision.FLOAT32),
                42,
                2);
        try (Linalg linalg = Linalg.open(BackendChoice.CPU, 2);
                Tokenizer tokenizer = Tokenizer.open(Shared.file("clip/small/tokenizer.json"));
                ClipModel model = ClipModel.load(Shared.file("clip/small/model.safetensors"))) {
            List<float[]> before = weights(model);
            RunMonitor monitor = RunMonitor.of(Progress.SILENT);
            RunData data = new RunData(model, tokenizer, 2, Optional.empty(), monitor);
            double zeroShot = new ContinualRun(
                            model, data, new ComputeContext(linalg, ProcessGroup.SINGLE, monitor), settings)
                    .run(List.of(all), List.of(), ContinualRun.Changes.IGNORED)
                    .tables()
                    .accuracy()
                    .zeroShot()
                    .orElseThrow()
                    .mean();
            SpectrumReport report = new SpectrumStudy(
                            model, data, new ComputeContext(linalg, ProcessGroup.SINGLE, monitor), settings)
                    .run(List.of(all), List.of(1.0, 0.1));
            double oneImage = 100.0 / all.test().size(); // rounding of U·S·Vᵀ may decide a tie differently
            assertEquals(zeroShot, report.points().get(0).mean(), oneImage);
            assertEquals(1, report.points().get(0).directions());
            assertTrue(report.points().get(1).directions() < 0.1, "a tenth of the energy sits in a few directions");
            assertEquals(
                    List.of("energy", "energy", "singular values", "singular values"),
                    report.points().stream()
                            .map(SpectrumReport.Point::definition)
                            .toList());
            assertTrue(report.markdown().contains("MNIST"), report.markdown());
            List<float[]> after = weights(model);
            for (int i = 0; i < before.size(); i++) {
                assertArrayEquals(before.get(i), after.get(i));
            }
        }
    }

    private static List<float[]> weights(ClipModel model) {
        List<float[]> weights = new ArrayList<>();
        try (PointerScope scope = new PointerScope()) {
            for (Site site : model.sites()) {
                weights.add(Tensors.floats(model.weight(site).contiguous()));
            }
        }
        return weights;
    }
}
