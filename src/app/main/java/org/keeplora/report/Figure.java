package org.keeplora.report;

/**
 * One drawing of a page.
 *
 * @param caption text above the drawing
 * @param svg element
 */
record Figure(String caption, String svg) {}
