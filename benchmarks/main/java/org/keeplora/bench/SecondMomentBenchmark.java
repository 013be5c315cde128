package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.GramUpdate;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * C ← C + XᵀX in float64 for one batch of features X [slots x in] of every input. Counted are slots·in·(in + 1)
 * operations per input, for one triangle. Products in float32 are ours only; libtorch computes in float64 always.
 */
public class SecondMomentBenchmark extends Suite {
    @Param({"VIT_FEATURES_768x12608", "VIT_BLOCK_FEATURES_2x768x12608", "TEXT_BLOCK_FEATURES_2x512x1600"})
    public FeatureShape features;

    @Param({"F32", "F64"})
    public ElementType type;

    /** In what type products and sums of blocks of rows are computed. */
    @Param({"F64", "F32"})
    public ElementType products;

    private final List<double[]> expected = new ArrayList<>();

    @Override
    Inputs inputs(BatchLinalg host) {
        Inputs inputs = new Inputs();
        for (int input = 0; input < features.inputs(); input++) {
            double[] values = new Random(input)
                    .doubles((long) features.slots() * features.width(), -1, 1)
                    .toArray();
            try (Matrix wide = Matrix.copyOf(features.slots(), features.width(), values)) {
                Matrix samples = host.convert(wide, type);
                inputs.first().add(samples);
                inputs.second().add(Matrix.zeros(features.width(), features.width(), ElementType.F64));
                expected.add(Probe.transposedTimes(samples, Probe.times(samples, probe(input))));
            }
        }
        return inputs;
    }

    private double[] probe(int input) {
        return Probe.vector(features.width(), input);
    }

    @Override
    Side engine(BatchLinalg linalg, Inputs inputs) {
        return new InPlaceSide<>(
                linalg,
                inputs,
                (samples, gram) -> new GramUpdate(gram, samples, products),
                SecondMomentBenchmark::addWholly);
    }

    private static void addWholly(BatchLinalg linalg, List<GramUpdate> batch) {
        linalg.accumulateGram(batch);
        linalg.mirror(batch.stream().map(GramUpdate::gram).toList());
    }

    @Override
    Side torch(int count, Inputs inputs) {
        return TorchSide.open(backend, count, inputs, TorchWay::secondMoment);
    }

    @Override
    void verify(List<Matrix> results) {
        for (int i = 0; i < results.size(); i++) {
            Comparison.requireClose(
                    "second moment of input " + i,
                    expected.get(i),
                    Probe.times(results.get(i), probe(i)),
                    Probe.tolerance(products, features.slots()));
        }
    }

    @Override
    void release() {
        expected.clear();
    }

    @Override
    Work work() {
        double slots = features.slots();
        double in = features.width();
        double bytes = type.bytes() * slots * in + 2 * Double.BYTES * in * in;
        return new Work(features.inputs() * slots * in * (in + 1), features.inputs() * bytes);
    }

    @Benchmark
    public double secondMoment() {
        return side().shot();
    }
}
