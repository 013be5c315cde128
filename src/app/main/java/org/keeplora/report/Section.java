package org.keeplora.report;

import java.util.List;

/**
 * A section of a page about one question.
 *
 * @param id id of the element, for links
 * @param heading text
 * @param reading how to read the section, for newcomers
 * @param layout how the figures are arranged: one of the constants
 * @param figures at least one
 */
record Section(String id, String heading, String reading, String layout, List<Figure> figures) {
    /** In their own size; a figure wider than the page scrolls in its box. */
    static final String WIDE = "wide";

    /** In columns as wide as a phone. */
    static final String COLUMNS = "columns";

    /** Many small figures, two side by side on a phone. */
    static final String SMALL = "small";
}
