package org.keeplora.drawn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.keeplora.data.Dataset;
import org.keeplora.data.ImageSource;
import org.keeplora.data.Item;

class DrawnBenchmarkTest {
    private final DrawnBenchmark benchmark = new DrawnBenchmark(7);

    @Test
    void domainsHaveTheRequestedPictures() {
        assertEquals(List.of("digits", "shapes", "textures", "land", "plants", "vehicles"), benchmark.domains());
        for (String name : benchmark.domains()) {
            Dataset domain = benchmark.domain(name, 3, 2);
            int classes = domain.classNames().size();

            assertEquals(name, domain.name());
            assertTrue(classes >= 10, name);
            assertEquals(classes, new HashSet<>(domain.classNames()).size(), name);
            assertEquals(1, domain.templates().size());
            assertHalf(domain, domain.train(), 3);
            assertHalf(domain, domain.test(), 2);
        }
    }

    private static void assertHalf(Dataset domain, List<Item> items, int perClass) {
        assertEquals(domain.classNames().size() * perClass, items.size(), domain.name());
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            assertEquals(i / perClass, item.label());
            String half = items == domain.train() ? "train" : "test";
            String id = String.format(
                    Locale.ROOT,
                    "%s/%s/%s#%d",
                    domain.name(),
                    half,
                    domain.classNames().get(item.label()),
                    i % perClass);
            assertEquals(id, item.image().id());
        }
    }

    @Test
    void aLargerNumberKeepsTheSamePictures() {
        List<Item> few = benchmark.domain("land", 1, 0).train();
        List<Item> more = benchmark.domain("land", 4, 9).train();

        for (Item item : few) {
            assertTrue(more.contains(item), item.image().id());
        }
        assertEquals(
                captions(benchmark.general(300)),
                captions(benchmark.general(700)).subList(0, 300));
    }

    @Test
    void sameBytesInAnotherOrderAndFromSeveralThreads() {
        List<ImageSource> images = everyKind(benchmark);
        List<byte[]> first = images.stream().map(image -> image.read().pixels()).toList();
        List<Integer> order = new ArrayList<>(
                Stream.iterate(0, i -> i + 1).limit(images.size()).toList());
        Collections.shuffle(order, new Random(3));
        List<ImageSource> anew = everyKind(new DrawnBenchmark(7));

        for (int i : order) {
            assertArrayEquals(
                    first.get(i), anew.get(i).read().pixels(), anew.get(i).id());
        }
        List<byte[]> together =
                images.parallelStream().map(image -> image.read().pixels()).toList();
        for (int i : order) {
            assertArrayEquals(first.get(i), together.get(i), images.get(i).id());
        }
    }

    @Test
    void noTwoPicturesShareSeedOrName() {
        Set<Long> seeds = new HashSet<>();
        Set<String> names = new HashSet<>();
        List<ImageSource> images = new ArrayList<>();
        for (String name : benchmark.domains()) {
            Dataset domain = benchmark.domain(name, 300, 200);
            Stream.of(domain.train(), domain.test()).forEach(half -> half.forEach(item -> images.add(item.image())));
        }
        benchmark.general(20_000).forEach(picture -> images.add(picture.image()));
        benchmark.generalProbe(100).test().forEach(item -> images.add(item.image()));

        for (ImageSource image : images) {
            assertTrue(seeds.add(((DrawnImage) image).seed()), image.id());
            assertTrue(names.add(image.id()), image.id());
        }
        assertTrue(images.size() > 50_000);
    }

    @Test
    void stampAndPictureChangeWithTheSeed() {
        ImageSource image = benchmark.domain("vehicles", 1, 0).train().get(0).image();
        ImageSource other =
                new DrawnBenchmark(8).domain("vehicles", 1, 0).train().get(0).image();

        assertEquals(image.id(), other.id());
        assertNotEquals(image.stamp(), other.stamp());
        assertTrue(!Arrays.equals(image.read().pixels(), other.read().pixels()));
        assertNotEquals(
                image.stamp(),
                new DrawnBenchmark(7, 64)
                        .domain("vehicles", 1, 0)
                        .train()
                        .get(0)
                        .image()
                        .stamp());
    }

    @Test
    void sizeIsAParameter() {
        ImageSource large =
                new DrawnBenchmark(7, 100).generalProbe(1).test().get(0).image();

        assertEquals(48, benchmark.generalProbe(1).test().get(0).image().read().width());
        assertEquals(100, large.read().width());
        assertEquals(100, large.read().height());
        var error = assertThrows(IllegalArgumentException.class, () -> new DrawnBenchmark(7, 8));
        assertEquals("DrawnBenchmark: size 8; need 16 to 1024 pixels", error.getMessage());
    }

    @Test
    void unknownDomain() {
        var error = assertThrows(IllegalArgumentException.class, () -> benchmark.domain("cars", 1, 1));
        assertEquals(
                "DrawnBenchmark: no domain \"cars\"; there are [digits, shapes, textures, land, plants, vehicles]",
                error.getMessage());
    }

    @Test
    void theProbeHasConceptsThatNoDomainHas() {
        Dataset probe = benchmark.generalProbe(4);
        Set<String> domainWords = new HashSet<>();
        for (String name : benchmark.domains()) {
            benchmark
                    .domain(name, 0, 0)
                    .classNames()
                    .forEach(className -> domainWords.addAll(Concept.words(className)));
        }

        assertEquals(List.of(), probe.train());
        assertEquals(4 * probe.classNames().size(), probe.test().size());
        assertTrue(probe.classNames().size() >= 30);
        for (String className : probe.classNames()) {
            assertTrue(Collections.disjoint(Concept.words(className), domainWords), className);
        }
    }

    private static List<String> captions(List<CaptionedImage> pictures) {
        return pictures.stream().map(CaptionedImage::caption).toList();
    }

    /** Two pictures of every class and concept. */
    private static List<ImageSource> everyKind(DrawnBenchmark benchmark) {
        List<ImageSource> images = new ArrayList<>();
        for (String name : benchmark.domains()) {
            Dataset domain = benchmark.domain(name, 1, 1);
            Stream.of(domain.train(), domain.test()).forEach(half -> half.forEach(item -> images.add(item.image())));
        }
        benchmark.general(250).forEach(picture -> images.add(picture.image()));
        benchmark.generalProbe(1).test().forEach(item -> images.add(item.image()));
        return images;
    }
}
