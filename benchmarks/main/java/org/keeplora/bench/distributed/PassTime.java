package org.keeplora.bench.distributed;

import java.util.Arrays;
import java.util.List;

/**
 * Seconds of one process in a pass over batches: {@code fixed + image · images + prompt · prompts} for each batch,
 * times how much longer or shorter a batch took when it was measured.
 *
 * @param fixed of a batch, whatever its size: launches, the optimiser
 * @param forward share of the rest that comes before the backward pass; 1 without one
 * @param noise measured seconds over those of the formula, one a measured batch, in their order; 1 where nothing was
 *     measured
 */
record PassTime(double fixed, double image, double prompt, double forward, List<Double> noise) {
    PassTime {
        noise = List.copyOf(noise);
        if (noise.isEmpty()) {
            throw new IllegalArgumentException("a pass without measured batches; give 1 where none was measured");
        }
    }

    /** Without noise. */
    static PassTime steady(double fixed, double image, double prompt, double forward) {
        return new PassTime(fixed, image, prompt, forward, List.of(1.0));
    }

    /** A batch that was measured. */
    record Batch(int images, int prompts, double seconds) {}

    /**
     * From measured batches of one process: medians decide.
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

    /** Not negative, however noisy the machine was. */
    private static double slope(double seconds, int items) {
        return Math.max(0, seconds / items);
    }

    /** The first batch, with the median seconds of its like. */
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
