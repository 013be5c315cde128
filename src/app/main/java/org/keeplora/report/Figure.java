package org.keeplora.report;

/**
 * One drawing of a page.
 *
 * @param caption above it; text
 * @param svg element
 */
record Figure(String caption, String svg) {}
