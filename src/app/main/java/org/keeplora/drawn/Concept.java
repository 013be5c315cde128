package org.keeplora.drawn;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.keeplora.data.Dataset;

/**
 * Something that general pictures show, with its captions.
 *
 * @param noun the singular
 * @param nouns the plural
 * @param phrases the kind of captions, which limits the count
 * @param templates as in {@link Phrases}
 * @param picture draws it in the plain style
 */
record Concept(String noun, String nouns, Phrases phrases, List<String> templates, Picture picture) {
    private static final Pattern ARTICLE = Pattern.compile(Pattern.quote(Phrases.ARTICLE) + " (?=(.))");
    private static final Pattern WORD = Pattern.compile("[a-z]+");
    private static final String VOWELS = "aeiou";
    private static final double WHITE = 0.4;

    /** Draws a chosen number of things in chosen colours. */
    @FunctionalInterface
    interface Picture {
        void draw(Canvas canvas, Choice choice);
    }

    static Concept of(Named<?> named, Phrases phrases, Picture picture) {
        return new Concept(named.name(), named.plural(), phrases, phrases.templates(), picture);
    }

    /** The same concept with one more caption: the prompt of the domain with this vocabulary. */
    Concept withCaption(String prompt) {
        String template =
                prompt.replace(Dataset.CLASS_NAME, phrases.className()).replace(".", "");
        return new Concept(
                noun,
                nouns,
                phrases,
                Stream.concat(templates.stream(), Stream.of(template)).toList(),
                picture);
    }

    /** Chooses caption, colours and number. */
    Scene scene(Chance chance) {
        String template = chance.oneOf(templates);
        Choice choice = choice(template, chance);
        return new Scene(caption(template, choice), canvas -> picture.draw(canvas, choice));
    }

    /** A drawing of one thing, in any colours. */
    Drawing single(Chance chance) {
        Choice choice = choice(noun, chance);
        return canvas -> picture.draw(canvas, choice);
    }

    private Choice choice(String template, Chance chance) {
        Hue colour = Hue.any(chance);
        boolean pale = colour == Hue.WHITE || colour == Hue.YELLOW;
        boolean white = !pale && !template.contains(Phrases.OTHER) && chance.happens(WHITE);
        int count = chance.count(phrases.leastCount(template), phrases.mostCount(template));
        return new Choice(colour, white ? Hue.WHITE : colour.other(chance), count);
    }

    private String caption(String template, Choice choice) {
        boolean one = template.contains(Phrases.COUNT) && choice.count() == 1;
        String text = template.replace(Phrases.NOUNS, one ? noun : nouns)
                .replace(Phrases.NOUN, noun)
                .replace(Phrases.COLOUR, choice.colour().word())
                .replace(Phrases.OTHER, choice.other().word())
                .replace(Phrases.COUNT, Phrases.COUNTS.get(choice.count() - 1));
        return ARTICLE.matcher(text).replaceAll(article -> VOWELS.contains(article.group(1)) ? "an " : "a ");
    }

    /** All words that captions of this concept can contain. */
    Set<String> words() {
        Set<String> words = new TreeSet<>();
        for (String template : templates) {
            for (Hue hue : Hue.values()) {
                for (int count = phrases.leastCount(template); count <= phrases.mostCount(template); count++) {
                    words.addAll(words(caption(template, new Choice(hue, hue, count))));
                }
            }
        }
        return words;
    }

    /** The words of {@code text}: runs of lower-case letters. */
    static Set<String> words(String text) {
        Set<String> words = new TreeSet<>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            words.add(matcher.group());
        }
        return words;
    }
}
