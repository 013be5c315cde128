package org.keeplora.distributed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.torch.Tensors;

/** The bits of a sum show its order. */
final class PairwiseSumTest {
    private static final int TERMS = 16;

    private static float sum(float... terms) {
        PairwiseSum sum = new PairwiseSum();
        try (PointerScope scope = new PointerScope()) {
            for (float term : terms) {
                try (PointerScope ofTerm = new PointerScope()) {
                    sum.add(List.of(Tensors.ofFloats(new float[] {term}, 1)));
                }
            }
            return sum.total().get(0).item_float();
        }
    }

    @Test
    void neighboursAreAddedFirst() {
        float large = 1 << 24; // the next larger float32 differs by 2
        assertEquals(1f, sum(1, large, 1, -large));
        assertEquals(0f, 1 + large + 1 - large, "one by one");
        assertEquals(2f, sum(1, 1, large, -large));
        assertEquals(3f, sum(1, 1, large, -large, 1));
        assertEquals((((0.1f + 0.2f) + (0.3f + 0.4f)) + (0.5f + 0.6f)), sum(0.1f, 0.2f, 0.3f, 0.4f, 0.5f, 0.6f));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 4, 8, 16})
    void sumsOverProcessesHaveTheSameBits(int ranks) {
        Random random = new Random(1);
        for (int trial = 0; trial < 100; trial++) {
            float[] terms = new float[TERMS];
            for (int i = 0; i < TERMS; i++) {
                terms[i] = (float) (random.nextGaussian() * Math.exp(5 * random.nextGaussian()));
            }
            float[] ofRanks = new float[ranks];
            for (int index = 0; index < ranks; index++) {
                int each = TERMS / ranks;
                ofRanks[index] = sum(Arrays.copyOfRange(terms, index * each, (index + 1) * each));
            }
            assertEquals(sum(terms), sum(ofRanks));
            try (PointerScope scope = new PointerScope()) {
                Tensor rows = Tensors.ofFloats(ofRanks, ranks, 1);
                assertEquals(sum(terms), PairwiseSum.ofRows(rows).item_float());
            }
        }
    }

    @Test
    void undefinedAddsNothing() {
        PairwiseSum sum = new PairwiseSum();
        try (PointerScope scope = new PointerScope()) {
            sum.add(List.of(new Tensor(), Tensors.ofFloats(new float[] {2}, 1), new Tensor()));
            sum.add(List.of(Tensors.ofFloats(new float[] {3}, 1), new Tensor(), new Tensor()));
            List<Tensor> total = sum.total();
            assertEquals(3f, total.get(0).item_float());
            assertEquals(2f, total.get(1).item_float());
            assertEquals(false, total.get(2).defined());
        }
    }

    @Test
    void beginsAnewAfterTheTotal() {
        PairwiseSum sum = new PairwiseSum();
        assertThrows(IllegalStateException.class, sum::total);
        try (PointerScope scope = new PointerScope()) {
            for (int i = 1; i <= 2; i++) {
                sum.add(List.of(Tensors.ofFloats(new float[] {i}, 1)));
                assertEquals((float) i, sum.total().get(0).item_float());
            }
        }
    }

    @Test
    void termsOfAReductionAreFreedWhenTheyAreAdded() {
        List<Tensor> terms = new ArrayList<>();
        Accumulator ones = new Accumulator() {
            @Override
            public void add(LocalBatch batch) {}

            @Override
            public List<Tensor> take() {
                terms.add(Tensors.ofFloats(new float[] {1}, 1));
                return List.of(terms.get(terms.size() - 1));
            }
        };
        ProcessGroup divided = ProcessGroup.SINGLE.inMicroBatches(TERMS);
        try (PointerScope scope = new PointerScope()) {
            List<Tensor> sum = divided.sum("ones", List.of(), ones);
            assertEquals((float) TERMS, sum.get(0).item_float());
            assertEquals(TERMS, terms.size());
            assertEquals(
                    List.of(), terms.stream().filter(term -> !term.isNull()).toList());
        }
    }
}
