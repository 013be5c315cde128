package org.keeplora.engine;

import java.util.Arrays;
import java.util.List;

/**
 * The median of the slopes between all pairs of samples, which tolerates a third of outliers, with Sen's 95 % interval
 * (Sen 1968). The interval assumes independent errors.
 *
 * @param slope MB per hour
 */
record TheilSen(double slope, double low, double high) {
    private static final double NORMAL_95 = 1.96;

    static TheilSen of(List<EngineSoak.Sample> samples) {
        int n = samples.size();
        double[] slopes = new double[n * (n - 1) / 2];
        int next = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < i; j++) {
                double hours = samples.get(i).hours() - samples.get(j).hours();
                slopes[next++] = (samples.get(i).megabytes() - samples.get(j).megabytes()) / hours;
            }
        }
        Arrays.sort(slopes);
        double half = NORMAL_95 * Math.sqrt(n * (n - 1.0) * (2 * n + 5) / 18) / 2;
        int low = (int) Math.max(0, Math.floor(slopes.length / 2.0 - half));
        int high = (int) Math.min(slopes.length - 1, Math.ceil(slopes.length / 2.0 + half));
        return new TheilSen(slopes[slopes.length / 2], slopes[low], slopes[high]);
    }
}
