package org.keeplora.drawn;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.keeplora.data.Dataset;
import org.keeplora.data.Item;
import org.keeplora.data.RgbImage;

/** A class is more than one picture, and neither its average picture nor its colours identify it. */
class VarietyTest {
    private static final double GIVEN_AWAY = 0.6;

    private static List<String> domains() {
        return new DrawnBenchmark(0).domains();
    }

    @ParameterizedTest
    @MethodSource("domains")
    void noTwoOfAHundredAreEqual(String name) {
        Dataset domain = new DrawnBenchmark(3).domain(name, 100, 0);
        Set<ByteBuffer> seen = new HashSet<>();
        for (Item item : domain.train()) {
            assertTrue(
                    seen.add(ByteBuffer.wrap(item.image().read().pixels())),
                    item.image().id());
        }
    }

    @ParameterizedTest
    @MethodSource("domains")
    void averagePicturesDoNotIdentifyTheClasses(String name) {
        assertNotGivenAway(name, image -> {
            double[] samples = new double[image.pixels().length];
            for (int i = 0; i < samples.length; i++) {
                samples[i] = image.pixels()[i] & 0xff;
            }
            return samples;
        });
    }

    @ParameterizedTest
    @MethodSource("domains")
    void coloursDoNotIdentifyTheClasses(String name) {
        assertNotGivenAway(name, image -> {
            double[] moments = new double[2 * RgbImage.CHANNELS];
            int pixels = image.width() * image.height();
            for (int i = 0; i < image.pixels().length; i++) {
                double sample = image.pixels()[i] & 0xff;
                moments[i % RgbImage.CHANNELS] += sample / pixels;
                moments[RgbImage.CHANNELS + i % RgbImage.CHANNELS] += sample * sample / pixels;
            }
            for (int channel = 0; channel < RgbImage.CHANNELS; channel++) {
                double mean = moments[channel];
                double variance = moments[RgbImage.CHANNELS + channel] - mean * mean;
                moments[RgbImage.CHANNELS + channel] = Math.sqrt(Math.max(0, variance));
            }
            return moments;
        });
    }

    private static void assertNotGivenAway(String name, Function<RgbImage, double[]> features) {
        Dataset domain = new DrawnBenchmark(3).domain(name, 100, 40);
        double[][] means = new double[domain.classNames().size()][];
        for (Item item : domain.train()) {
            double[] values = features.apply(item.image().read());
            double[] mean = means[item.label()];
            means[item.label()] = mean == null ? values : sum(mean, values);
        }
        for (double[] mean : means) {
            Arrays.setAll(mean, i -> mean[i] / 100);
        }
        long right = domain.test().stream()
                .filter(item -> nearest(means, features.apply(item.image().read())) == item.label())
                .count();
        double share = (double) right / domain.test().size();
        assertTrue(
                share < GIVEN_AWAY,
                String.format(Locale.ROOT, "%s: nearest class mean gets %.1f %%", name, 100 * share));
    }

    private static double[] sum(double[] a, double[] b) {
        Arrays.setAll(a, i -> a[i] + b[i]);
        return a;
    }

    private static int nearest(double[][] means, double[] values) {
        int best = 0;
        for (int label = 1; label < means.length; label++) {
            best = distance(means[label], values) < distance(means[best], values) ? label : best;
        }
        return best;
    }

    private static double distance(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - b[i]) * (a[i] - b[i]);
        }
        return sum;
    }
}
