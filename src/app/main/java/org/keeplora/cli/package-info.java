/**
 * The command line: the one reader of configuration files and flags, and the one place that turns an exception into an
 * exit code.
 *
 * <p>Nobody imports this room.
 *
 * <p>A value of a configuration goes from a file by {@code ConfigTree}, which lays files, overrides and {@code
 * ConfigDefaults} over each other, into {@code RunConfig}, which checks it, and from there by {@code settings()} to the
 * training room. {@code RunParts} and {@code RunDatasets} open what it names.
 *
 * <p>Errors: a {@link org.keeplora.store.UserError}, or a type that {@code Failure} lists, is for the user to mend and
 * one line; all others are errors of the program and shown with their stack.
 *
 * <p>A configuration has at most 3 MiB, 50 levels, no aliases and one document. It may name files anywhere, as whoever
 * runs it wrote it; but what becomes the name of a folder of the results leads nowhere else.
 *
 * <p>What can be made again lies in {@code UserCache}; where that cannot be written, in a temporary folder of the
 * process. Bars of progress are for terminals only: elsewhere {@code LogProgress} writes lines.
 *
 * <p>Names beyond ASCII are refused where they are first met, not at the start: without a UTF-8 locale a run whose
 * names are all ASCII is right.
 */
package org.keeplora.cli;
