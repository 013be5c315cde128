package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.LowRankFactors;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * The 16 leading singular triples of one matrix [in x out] per site by a randomised range finder, sketch 64, 4 power
 * iterations. Counted operations: its products with the matrix, 10 · 2·in·out·64.
 */
public class LowRankBenchmark extends FactorsSuite {
    @Param({"VIT_B16_SITE", "VIT_B16_BLOCK", "VIT_B16_MODEL"})
    public ModelShape shape;

    @Param({"F32", "F64"})
    public ElementType type;

    @Override
    ModelShape shape() {
        return shape;
    }

    @Override
    ElementType type() {
        return type;
    }

    @Override
    boolean projected() {
        return false;
    }

    @Override
    Side engine(BatchLinalg linalg, Inputs inputs) {
        return new EngineSide(linalg, inputs) {
            @Override
            List<Matrix> solve() {
                List<LowRank> batch = new ArrayList<>();
                for (Matrix matrix : first()) {
                    batch.add(LowRank.of(
                            matrix, VitBlock.RANK, VitBlock.SKETCH, VitBlock.POWER_ITERATIONS, batch.size()));
                }
                List<Matrix> results = new ArrayList<>();
                for (LowRankFactors factors : linalg().lowRank(batch)) {
                    results.add(factors.left());
                    results.add(factors.right());
                }
                return results;
            }
        };
    }

    @Override
    Side torch(int count, Inputs inputs) {
        return TorchSide.open(backend, count, inputs, TorchWay::lowRank);
    }

    @Override
    Work work() {
        return Work.sum(shape.sites(), site -> site.lowRank(type));
    }

    @Benchmark
    public double lowRank() {
        return side().shot();
    }
}
