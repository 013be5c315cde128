package org.keeplora.bench.distributed;

import java.util.Arrays;
import java.util.List;

/**
 * Seconds of one process in a pass over batches: {@code fixed + image · images + prompt · prompts} per batch, times the
 * measured noise.
 *
 * @param fixed of a batch of any size: launches, the optimiser
 * @param forward part of the other time before the backward pass; 1 without a backward pass
 * @param noise measured seconds divided by those of the formula, one per measured batch, in order; 1 when nothing was
 *     measured
 */
record PassTime(double fixed, double image, double prompt, double forward, List<Double> noise) {
    PassTime {
        noise = List.copyOf(noise);
        if (noise.isEmpty()) {
            throw new IllegalArgumentException("a pass without measured batches; give 1 where none was measured");
        }
    }

    /** A pass without noise. */
    static PassTime steady(double fixed, double image, double prompt, double forward) {
        return new PassTime(fixed, image, prompt, forward, List.of(1.0));
    }

    /** A measured batch. */
    record Batch(int images, int prompts, double seconds) {}

    /**
     * The pass fitted to measured batches of one process, by medians.
     *
     * @param full batches of the task; the last of a pass may be shorter
     * @param half batches of fewer images
     * @param prompt seconds of one prompt
     */
    static PassTime fitted(List<Batch> full, List<Batch> half, double prompt, double forward) {
        Batch whole = typical(full);
        Batch smaller = typical(half);
        double image = slope(whole.seconds() - smaller.seconds(), whole.images() - smaller.images());
        double fixed = Math.max(0, whole.seconds() - image * whole.images() - prompt * whole.prompts());
        PassTime steady = steady(fixed, image, prompt, forward);
        List<Double> noise = full.stream()
                .map(batch -> batch.seconds() / steady.seconds(batch.images(), batch.prompts()))
                .toList();
        return new PassTime(fixed, image, prompt, forward, noise);
    }

    /**
     * Seconds of one prompt, from batches of the same number of images.
     *
     * @param more batches of more prompts
     */
    static double promptSeconds(List<Batch> full, List<Batch> more) {
        Batch whole = typical(full);
        Batch larger = typical(more);
        return slope(larger.seconds() - whole.seconds(), larger.prompts() - whole.prompts());
    }

    /** The slope; never negative, even on a noisy machine. */
    private static double slope(double seconds, int items) {
        return Math.max(0, seconds / items);
    }

    /** The first batch, with the median seconds of batches of its size. */
    private static Batch typical(List<Batch> batches) {
        Batch first = batches.get(0);
        double[] seconds = batches.stream()
                .filter(batch -> batch.images() == first.images())
                .mapToDouble(Batch::seconds)
                .toArray();
        return new Batch(first.images(), first.prompts(), median(seconds));
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    double seconds(double images, double prompts) {
        return fixed + image * images + prompt * prompts;
    }
}
