package org.keeplora.report;

import java.util.List;

/**
 * A part of a page about one question.
 *
 * @param id of the element, to be linked to
 * @param heading text
 * @param reading how to read it, for somebody new
 * @param layout how its figures stand: one of the constants
 * @param figures at least one
 */
record Section(String id, String heading, String reading, String layout, List<Figure> figures) {
    /** In their own size; one that is wider than the page scrolls in its box. */
    static final String WIDE = "wide";

    /** In columns of a phone's width. */
    static final String COLUMNS = "columns";

    /** Many small ones, two on a phone. */
    static final String SMALL = "small";
}
