package org.keeplora.drawn;

import java.util.List;

/**
 * One data set of the benchmark.
 *
 * @param name name of the data set
 * @param prompt prompt template, {@code {}} for the class name
 * @param classes in label order
 * @param concepts the same vocabulary in the plain style of the general pictures; some captions are the prompt
 */
record Domain(String name, String prompt, List<Named<Drawing>> classes, List<Concept> concepts) {
    Domain {
        concepts = concepts.stream().map(concept -> concept.withCaption(prompt)).toList();
    }
}
