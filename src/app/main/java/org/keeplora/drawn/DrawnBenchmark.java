package org.keeplora.drawn;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedSet;
import java.util.TreeSet;
import org.keeplora.data.Dataset;
import org.keeplora.data.Item;
import org.keeplora.drawn.PictureSeed.Half;

/**
 * Data sets that are drawn from a seed: six domains to learn one after another, captioned general pictures to train a
 * small CLIP before that, and a probe of what the model still knows of them. A picture depends only on {@link
 * #VERSION}, seed, set, half, class and index, so pictures may be read in any order and by several threads.
 *
 * @param seed another seed gives other pictures of the same kinds
 * @param size pixels a side, {@value #SMALLEST} to {@value #LARGEST}
 */
public record DrawnBenchmark(long seed, int size) {
    /** Raised when any picture or caption changes. */
    public static final int VERSION = 1;

    /** The size in pixels that the drawings were made for. */
    public static final int SIZE = 48;

    private static final int SMALLEST = 16;
    private static final int LARGEST = 1024;
    private static final String GENERAL = "general";
    private static final String PROBE_PROMPT = "a drawn {}.";
    private static final List<Domain> DOMAINS = List.of(
            Digits.DOMAIN, Shapes.DOMAIN, Textures.DOMAIN, Land.DOMAIN, PressedPlants.DOMAIN, Silhouettes.DOMAIN);
    private static final List<Concept> CONCEPTS = GeneralSet.concepts(DOMAINS);

    public DrawnBenchmark {
        if (size < SMALLEST || size > LARGEST) {
            throw new IllegalArgumentException(
                    "DrawnBenchmark: size " + size + "; need " + SMALLEST + " to " + LARGEST + " pixels");
        }
    }

    /** A benchmark with pictures of {@link #SIZE} pixels. */
    public DrawnBenchmark(long seed) {
        this(seed, SIZE);
    }

    /** Names of the domains. */
    public List<String> domains() {
        return DOMAINS.stream().map(Domain::name).toList();
    }

    /**
     * A domain with the given number of pictures of each class, class by class. A larger number begins with the same
     * pictures.
     *
     * @throws IllegalArgumentException naming the domains, when there is none of this name
     */
    public Dataset domain(String name, int trainPerClass, int testPerClass) {
        int number = domains().indexOf(name);
        if (number < 0) {
            throw new IllegalArgumentException(
                    String.format(Locale.ROOT, "DrawnBenchmark: no domain \"%s\"; there are %s", name, domains()));
        }
        Domain domain = DOMAINS.get(number);
        return new Dataset(
                name,
                domain.classes().stream().map(Named::name).toList(),
                List.of(domain.prompt()),
                items(number, Half.TRAIN, trainPerClass),
                items(number, Half.TEST, testPerClass));
    }

    /**
     * Captioned pictures, the same number of each concept (one more of the first ones when {@code count} is not
     * divisible), taking the concepts in turn. A larger number begins with the same pictures.
     */
    public List<CaptionedImage> general(int count) {
        List<CaptionedImage> pictures = new ArrayList<>();
        for (int number = 0; number < count; number++) {
            int label = number % CONCEPTS.size();
            Concept concept = CONCEPTS.get(label);
            PictureSeed place = new PictureSeed(0, Half.TRAIN, label, number / CONCEPTS.size());
            Scene scene = concept.scene(choices(place));
            pictures.add(new CaptionedImage(picture(GENERAL, concept.noun(), place, scene.drawing()), scene.caption()));
        }
        return pictures;
    }

    /**
     * The probe: general pictures that {@link #general} never contains, of concepts that no domain has; no training
     * half.
     */
    public Dataset generalProbe(int perClass) {
        List<Concept> concepts = GeneralSet.FURTHER;
        int first = CONCEPTS.size() - concepts.size();
        List<Item> test = new ArrayList<>();
        for (int label = 0; label < concepts.size(); label++) {
            Concept concept = concepts.get(label);
            for (int index = 0; index < perClass; index++) {
                PictureSeed place = new PictureSeed(0, Half.TEST, first + label, index);
                Drawing drawing = concept.single(choices(place));
                test.add(new Item(picture(GENERAL, concept.noun(), place, drawing), label));
            }
        }
        return new Dataset(
                GENERAL, concepts.stream().map(Concept::noun).toList(), List.of(PROBE_PROMPT), List.of(), test);
    }

    /**
     * All words of class names, prompts and captions: runs of lower-case letters, sorted. The only punctuation mark is
     * the full stop of the prompts.
     */
    public SortedSet<String> vocabulary() {
        SortedSet<String> words = new TreeSet<>(Concept.words(PROBE_PROMPT));
        CONCEPTS.forEach(concept -> words.addAll(concept.words()));
        for (Domain domain : DOMAINS) {
            words.addAll(Concept.words(domain.prompt()));
            domain.classes().forEach(named -> words.addAll(Concept.words(named.name())));
        }
        return Collections.unmodifiableSortedSet(words);
    }

    private List<Item> items(int number, Half half, int perClass) {
        Domain domain = DOMAINS.get(number);
        List<Item> items = new ArrayList<>();
        for (int label = 0; label < domain.classes().size(); label++) {
            Named<Drawing> drawn = domain.classes().get(label);
            for (int index = 0; index < perClass; index++) {
                PictureSeed place = new PictureSeed(number + 1, half, label, index);
                items.add(new Item(picture(domain.name(), drawn.name(), place, drawn.thing()), label));
            }
        }
        return items;
    }

    private DrawnImage picture(String set, String name, PictureSeed place, Drawing drawing) {
        String id = String.format(Locale.ROOT, "%s/%s/%s#%d", set, place.half().folder(), name, place.index());
        return new DrawnImage(id, place.in(VERSION, seed), size, drawing);
    }

    /** The random numbers for choices made before a picture is drawn. */
    private Chance choices(PictureSeed place) {
        return new Chance(PictureSeed.mix(place.in(VERSION, seed)));
    }
}
