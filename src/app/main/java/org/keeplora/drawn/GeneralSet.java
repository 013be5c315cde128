package org.keeplora.drawn;

import java.util.List;
import java.util.stream.Stream;

/** The content of the general pictures: the vocabulary of all domains, and concepts that no domain has. */
final class GeneralSet {
    /** Concepts that no domain has. */
    static final List<Concept> FURTHER = Plain.figures(
            Stream.concat(Nature.ALL.stream(), Things.ALL.stream()).toList(), Phrases.THING);

    private GeneralSet() {}

    /** All concepts, in the order on which the pictures' seeds depend. */
    static List<Concept> concepts(List<Domain> domains) {
        return Stream.of(
                        domains.stream().flatMap(domain -> domain.concepts().stream()),
                        Plain.glyphs(Glyphs.LETTERS, Phrases.LETTER).stream(),
                        FURTHER.stream())
                .flatMap(concepts -> concepts)
                .toList();
    }
}
