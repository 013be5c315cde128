package org.keeplora.drawn;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.Color;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.keeplora.data.Dataset;
import org.keeplora.data.RgbImage;

/** Captions and their pictures. */
class GeneralSetTest {
    private static final DrawnBenchmark BENCHMARK = new DrawnBenchmark(11);
    private static final List<CaptionedImage> PICTURES = BENCHMARK.general(20_000);

    @Test
    void conceptsAreBalanced() {
        Map<String, Long> counts = PICTURES.stream()
                .collect(Collectors.groupingBy(
                        picture -> picture.image().id().replaceAll("#.*", ""), Collectors.counting()));

        long most = counts.values().stream().mapToLong(Long::longValue).max().orElseThrow();
        long fewest = counts.values().stream().mapToLong(Long::longValue).min().orElseThrow();
        assertTrue(most - fewest <= 1, counts.toString());
        assertTrue(counts.size() >= 120, "only " + counts.size());
    }

    /** The vocabulary has every used word, and no other. */
    @Test
    void vocabularyIsComplete() {
        Set<String> used = new TreeSet<>();
        PICTURES.forEach(picture -> used.addAll(List.of(picture.caption().split(" "))));
        for (String name : BENCHMARK.domains()) {
            addWords(BENCHMARK.domain(name, 0, 0), used);
        }
        addWords(BENCHMARK.generalProbe(0), used);

        assertEquals(used, BENCHMARK.vocabulary());
    }

    private static void addWords(Dataset dataset, Set<String> words) {
        for (String prompt : dataset.prompts()) {
            assertTrue(prompt.matches("[a-z ]+\\."), prompt);
            words.addAll(List.of(prompt.replace(".", "").split(" ")));
        }
    }

    @Test
    void captionsArePlainEnglish() {
        for (CaptionedImage picture : PICTURES) {
            String caption = picture.caption();
            assertTrue(caption.matches("[a-z]+( [a-z]+)*"), caption);
            String withoutLetters = caption.replaceAll("letter \\w", "letter");
            assertFalse(withoutLetters.matches("(.* )?a [aeiou].*"), caption);
            assertFalse(withoutLetters.matches("(.* )?an [^aeiou].*"), caption);
        }
    }

    /**
     * Every class of a domain is a word or words of some caption, so its prompt is not new to a model trained on the
     * captions.
     */
    @Test
    void promptsOfTheDomainsAreCaptionsToo() {
        Set<String> captions = PICTURES.stream().map(CaptionedImage::caption).collect(Collectors.toSet());
        for (String name : BENCHMARK.domains()) {
            if (!name.equals("shapes")) { // shapes has 264 possible phrases; some are never drawn
                for (String prompt : BENCHMARK.domain(name, 0, 0).prompts()) {
                    assertTrue(captions.contains(prompt.replace(".", "")), prompt);
                }
            }
        }
    }

    /** The number and colour of shapes in a caption match the picture, counted by colour. */
    @Test
    void shapesAreAsManyAsTheCaptionSays() {
        Pattern counted = Pattern.compile("(one|two|three|four) (\\w+) \\w+ on an? (\\w+) background");
        int checked = 0;
        for (CaptionedImage picture : PICTURES) {
            Matcher caption = counted.matcher(picture.caption());
            if (picture.image().id().matches(".*/(circle|square|triangle|star|cross|diamond)#.*")
                    && caption.matches()) {
                boolean[] shape = nearer(picture.image().read(), colour(caption.group(2)), colour(caption.group(3)));
                assertEquals(Phrases.COUNTS.indexOf(caption.group(1)) + 1, patches(shape, 48), picture.caption());
                checked++;
            }
        }
        assertTrue(checked > 150, "only " + checked);
    }

    private static Color colour(String word) {
        return Hue.valueOf(word.toUpperCase(Locale.ROOT)).shade(new Chance(0));
    }

    private static boolean[] nearer(RgbImage image, Color colour, Color other) {
        boolean[] result = new boolean[image.width() * image.height()];
        for (int i = 0; i < result.length; i++) {
            int x = i % image.width();
            int y = i / image.width();
            Color pixel = new Color(image.sample(x, y, 0), image.sample(x, y, 1), image.sample(x, y, 2));
            result[i] = Colours.distance(pixel, colour) < Colours.distance(pixel, other);
        }
        return result;
    }

    /** Connected parts of more than a few pixels. */
    private static int patches(boolean[] set, int width) {
        boolean[] left = set.clone();
        int count = 0;
        for (int start = 0; start < left.length; start++) {
            count += left[start] && erase(left, start, width) > 8 ? 1 : 0;
        }
        return count;
    }

    /** Removes the part around {@code start} and returns its number of pixels. */
    private static int erase(boolean[] left, int start, int width) {
        ArrayDeque<Integer> open = new ArrayDeque<>(List.of(start));
        left[start] = false;
        int size = 0;
        while (!open.isEmpty()) {
            int at = open.remove();
            size++;
            int[] neighbours = {
                at - width, at + width, at % width == 0 ? -1 : at - 1, at % width == width - 1 ? -1 : at + 1
            };
            Arrays.stream(neighbours)
                    .filter(to -> to >= 0 && to < left.length && left[to])
                    .forEach(to -> {
                        left[to] = false;
                        open.add(to);
                    });
        }
        return size;
    }
}
