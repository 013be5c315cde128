package org.keeplora.drawn;

import java.util.List;

/**
 * The captions of one kind of concept. {@code {noun}} is the singular, {@code {nouns}} the plural, {@code {colour}} its
 * colour, {@code {other}} the colour of the ground, {@code {count}} the number, {@code {a}} the article for the next
 * word.
 */
enum Phrases {
    THING(
            2,
            3,
            "{a} {colour} {noun}",
            "a drawing of {a} {colour} {noun}",
            "a picture of {a} {noun}",
            "{a} drawn {noun}",
            "{a} {colour} {noun} on {a} {other} background",
            "a drawing of {count} {nouns}",
            "{count} {colour} {nouns}"),
    SHAPE(
            1,
            4,
            "{count} {colour} {nouns}",
            "a drawing of {count} {colour} {nouns}",
            "a picture of {count} {nouns}",
            "{count} {colour} {nouns} on {a} {other} background"),
    DIGIT(1, 1, glyph("digit")),
    LETTER(1, 1, glyph("letter")),
    TEXTURE(
            1,
            1,
            "a picture of {nouns}",
            "{colour} and {other} {nouns}",
            "a drawing of {nouns} in {colour} and {other}",
            "{nouns} in {colour} and {other}"),
    PLACE(1, 1, "a picture of {noun}", "a drawing of {noun} from above", "{noun} from above", "{noun}");

    /** The numbers in words. */
    static final List<String> COUNTS = List.of("one", "two", "three", "four");

    static final String NOUN = "{noun}";
    static final String NOUNS = "{nouns}";
    static final String COLOUR = "{colour}";
    static final String OTHER = "{other}";
    static final String COUNT = "{count}";
    static final String ARTICLE = "{a}";

    private final int fewest;
    private final int most;
    private final List<String> templates;

    Phrases(int fewest, int most, String... templates) {
        this.fewest = fewest;
        this.most = most;
        this.templates = List.of(templates);
    }

    private static String[] glyph(String kind) {
        return new String[] {
            "the " + kind + " {noun}",
            "the " + kind + " {noun} in {colour}",
            "a drawing of the " + kind + " {noun}",
            "the " + kind + " {noun} in {colour} on {a} {other} background"
        };
    }

    List<String> templates() {
        return templates;
    }

    /** The least number of things that fits {@code template}. */
    int leastCount(String template) {
        return template.contains(COUNT) ? fewest : 1;
    }

    /** The greatest number of things that fits {@code template}. */
    int mostCount(String template) {
        return template.contains(COUNT) ? most : 1;
    }

    /**
     * The placeholder that replaces the class name in captions made from the prompt of the domain with this kind of
     * concept.
     */
    String className() {
        return this == SHAPE ? COUNT + " " + COLOUR + " " + NOUNS : NOUN;
    }
}
