package org.keeplora.bench.ranks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Measured noise, replayed by every rank in an order of its own, again and again; rank 0 has the order in which it was measured.
 */
final class Draws {
    private final List<List<Double>> orders = new ArrayList<>();
    private int step;

    Draws(List<Double> noise, int ranks, long seed) {
        for (int rank = 0; rank < ranks; rank++) {
            List<Double> order = new ArrayList<>(noise);
            if (rank > 0) {
                Collections.shuffle(order, new Random(seed + rank));
            }
            orders.add(order);
        }
    }

    /** How much longer this batch takes on {@code rank} than by the formula. */
    double of(int rank) {
        List<Double> order = orders.get(rank);
        return order.get(step % order.size());
    }

    /** Goes on to the next batch. */
    void next() {
        step++;
    }
}
