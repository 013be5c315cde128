package org.keeplora.drawn;

import java.util.List;
import java.util.stream.Stream;

/** What the general pictures show: the vocabulary of all domains, and more that no domain has. */
final class GeneralSet {
    /** Figures that no domain has. */
    static final List<Concept> FURTHER = Plain.figures(
            Stream.concat(Nature.ALL.stream(), Things.ALL.stream()).toList(), Phrases.THING);

    private GeneralSet() {}

    /** In the order that the pictures' seeds are made from. */
    static List<Concept> concepts(List<Domain> domains) {
        return Stream.of(
                        domains.stream().flatMap(domain -> domain.concepts().stream()),
                        Plain.glyphs(Glyphs.LETTERS, Phrases.LETTER).stream(),
                        FURTHER.stream())
                .flatMap(concepts -> concepts)
                .toList();
    }
}
