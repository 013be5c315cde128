package org.keeplora.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.keeplora.method.Switches.StartB.GRADIENT;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Scope;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.method.PrincipalSubspace.Extension;
import org.keeplora.method.SecondMoment;

/** The example in README.md, "Embedding", on layers of different widths whose inputs lie in a few directions. */
final class ShortestFormTest {
    /**
     * Each direction holds more than 1 % of the inputs' energy, the part that may stay unprotected. So all are
     * protected.
     */
    private static final int DIRECTIONS = 3;

    private static final int OUT = 3;
    private static final int RANK = 3;
    /** Products of two float32 roundings, summed over at most 12 inputs of norm below 10. */
    private static final double TOLERANCE = 12 * 10 * Math.ulp(1f);

    private static final Path SOURCE = Path.of("test/java/org/keeplora/examples/ShortestFormTest.java");
    private static final Path README = Path.of("../../README.md");

    private final Random random = new Random(5);
    private final List<float[][]> attachedA = new ArrayList<>();

    private float[][] inputs(int width) {
        return PlainNetwork.product(
                Task.gaussian(40, DIRECTIONS, 1, random), Task.gaussian(DIRECTIONS, width, 0.5, random));
    }

    @Test
    void adaptersAnswerNothingToWhatWasLearned() {
        List<float[][]> layerWeights = List.of(Task.gaussian(12, OUT, 1, random), Task.gaussian(9, OUT, 1, random));
        List<float[][]> layerGradients = List.of(Task.gaussian(12, OUT, 1, random), Task.gaussian(9, OUT, 1, random));
        List<float[][]> layerInputs = List.of(inputs(12), inputs(9));
        int rank = RANK;
        // README: begin
        try (Linalg linalg = Linalg.open(BackendChoice.AUTO, 2);
                Scope scope = new Scope()) {
            Function<float[][], Matrix> matrix = rows -> scope.keep(linalg.adopt(Matrix.copyOf(rows)));

            // once: what the pre-trained weights [in x out] must keep, a subspace for each layer
            List<Matrix> weights = layerWeights.stream().map(matrix).toList();
            List<PrincipalSubspace> kept = scope.keep(PrincipalSubspace.ofWeights(linalg, weights, 0.85));

            // a task ends: add the inputs [n x in] of every layer, batch by batch; the subspaces grow
            List<Extension> learned = new ArrayList<>();
            for (int layer = 0; layer < kept.size(); layer++) {
                SecondMoment moment =
                        scope.keep(new SecondMoment(linalg, kept.get(layer).in()));
                moment.add(linalg, matrix.apply(layerInputs.get(layer)));
                learned.add(new Extension(kept.get(layer), moment.value()));
            }
            PrincipalSubspace.extend(linalg, learned, 0.99);

            // a task begins: adapters start from the part of the gradients [in x out] that is outside
            List<LoraStart> starts = new ArrayList<>();
            for (int layer = 0; layer < kept.size(); layer++) {
                starts.add(new LoraStart(kept.get(layer), matrix.apply(layerGradients.get(layer)), layer));
            }
            for (LoraFactors start : scope.keep(LoraStart.factors(linalg, starts, rank, GRADIENT))) {
                attach(start.a().toRows(), start.b().toRows()); // W - s·A·B, train B, then W + s·A·B
            }
        }
        // README: end
        assertEquals(layerInputs.size(), attachedA.size());
        for (int i = 0; i < attachedA.size(); i++) {
            assertSmall(PlainNetwork.product(layerInputs.get(i), attachedA.get(i)));
        }
    }

    private void attach(float[][] a, float[][] b) {
        assertEquals(RANK, b.length);
        attachedA.add(a);
    }

    private static void assertSmall(float[][] answers) {
        for (float[] row : answers) {
            for (float value : row) {
                assertTrue(Math.abs(value) < TOLERANCE, "an adapter answers " + value + " to a learned input");
            }
        }
    }

    @Test
    void theReadmeShowsThisForm() throws IOException {
        assertEquals(
                between(SOURCE, "// README: begin\n", "// README: end").stripIndent(),
                between(README, "```java\n", "```"));
    }

    private static String between(Path file, String begin, String end) throws IOException {
        String text = Files.readString(file);
        int start = text.indexOf(begin) + begin.length();
        return text.substring(start, text.indexOf(end, start));
    }
}
