package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.keeplora.engine.ElementType;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.Switches.StartB;
import org.keeplora.method.internal.LoraFactors;
import org.keeplora.method.internal.LoraStart;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/**
 * From the gradients of every site to its adapter A [in x 16], B [16 x out], outside the protected subspace. Counted
 * operations: the projection of the gradient and the range finder's products with it. {@link ProjectAndStartBenchmark}
 * compares the same with the calls of the authors' program.
 */
public class LoraStartBenchmark extends FactorsSuite {
    @Param({"VIT_B16_BLOCK", "VIT_B16_MODEL", "VIT_B16_MODEL_RAGGED"})
    public ModelShape shape;

    @Override
    ModelShape shape() {
        return shape;
    }

    @Override
    ElementType type() {
        return ElementType.F32;
    }

    @Override
    boolean projected() {
        return true;
    }

    @Override
    Side engine(BatchLinalg linalg, Inputs inputs) {
        return new SubspaceSide(linalg, inputs) {
            @Override
            List<Matrix> solve() {
                AtomicLong seeds = new AtomicLong();
                List<LoraStart> starts =
                        paired((subspace, gradient) -> new LoraStart(subspace, gradient, seeds.getAndIncrement()));
                List<Matrix> results = new ArrayList<>();
                for (LoraFactors factors : LoraStart.factors(linalg(), starts, VitBlock.RANK, StartB.GRADIENT)) {
                    results.add(factors.a());
                    results.add(factors.b());
                }
                return results;
            }
        };
    }

    @Override
    Side torch(int count, Inputs inputs) {
        return TorchSide.open(backend, count, inputs, TorchWay::start);
    }

    @Override
    Work work() {
        return Work.sum(shape.sites(), SiteShape::start);
    }

    @Benchmark
    public double loraStart() {
        return side().shot();
    }
}
