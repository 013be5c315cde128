package org.keeplora.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Scope;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.method.SecondMoment;
import org.keeplora.method.Switches.StartB;

/** The form in README.md, "Embedding", on layers of different widths whose inputs lie in a few directions. */
final class ShortestFormTest {
    private static final int DIRECTIONS = 3;
    private static final int OUT = 5;
    private static final int RANK = 4;
    /** Below it lies only what rounding adds to the directions, about 1e-14 of the energy. */
    private static final double SHARE = 1 - 1e-9;
    /** Products of two float32 roundings, summed over at most 12 inputs of norm below 10. */
    private static final double TOLERANCE = 12 * 10 * Math.ulp(1f);

    private final Random random = new Random(5);

    private float[][] inputs(int width) {
        return PlainNetwork.product(
                Task.gaussian(40, DIRECTIONS, 1, random), Task.gaussian(DIRECTIONS, width, 0.5, random));
    }

    @Test
    void adaptersAnswerNothingToWhatWasLearned() {
        List<float[][]> layerWeights = List.of(Task.gaussian(12, OUT, 1, random), Task.gaussian(9, OUT, 1, random));
        List<float[][]> layerGradients = List.of(Task.gaussian(12, OUT, 1, random), Task.gaussian(9, OUT, 1, random));
        List<float[][]> layerInputs = List.of(inputs(12), inputs(9));
        try (Linalg linalg = Linalg.open(BackendChoice.AUTO, 2);
                Scope scope = new Scope()) {
            List<Matrix> weights = scope.keep(layerWeights.stream()
                    .map(rows -> linalg.adopt(Matrix.copyOf(rows)))
                    .toList());
            List<PrincipalSubspace> kept = scope.keep(PrincipalSubspace.ofWeights(linalg, weights, 0.3));

            List<SecondMoment.Update> batch = new ArrayList<>();
            List<PrincipalSubspace.Extension> learned = new ArrayList<>();
            for (int layer = 0; layer < kept.size(); layer++) {
                SecondMoment moment =
                        scope.keep(new SecondMoment(linalg, kept.get(layer).in()));
                Matrix inputs = scope.keep(linalg.adopt(Matrix.copyOf(layerInputs.get(layer))));
                batch.add(new SecondMoment.Update(moment, inputs));
                learned.add(new PrincipalSubspace.Extension(kept.get(layer), moment.value()));
            }
            SecondMoment.add(linalg, batch);
            PrincipalSubspace.extend(linalg, learned, SHARE);

            List<LoraStart> starts = new ArrayList<>();
            for (int layer = 0; layer < kept.size(); layer++) {
                Matrix gradient = scope.keep(linalg.adopt(Matrix.copyOf(layerGradients.get(layer))));
                starts.add(new LoraStart(kept.get(layer), gradient, layer));
            }
            List<LoraFactors> factors = scope.keep(LoraStart.factors(linalg, starts, RANK, StartB.GRADIENT));
            for (int layer = 0; layer < factors.size(); layer++) {
                float[][] a = factors.get(layer).a().toRows();
                float[][] b = factors.get(layer).b().toRows();
                assertEquals(RANK, b.length);
                assertSmall(PlainNetwork.product(layerInputs.get(layer), a));
            }
        }
    }

    private static void assertSmall(float[][] answers) {
        for (float[] row : answers) {
            for (float value : row) {
                assertTrue(Math.abs(value) < TOLERANCE, "an adapter answers " + value + " to a learned input");
            }
        }
    }
}
