/**
 * The command line: the one reader of configuration files and flags, and the one place that turns an exception into an exit code.
 *
 * <p>Nobody imports this room.
 *
 * <p>A configuration has at most 3 MiB, 50 levels, no aliases and one document. It may name files anywhere, as whoever runs it wrote
 * it; but what becomes the name of a folder of the results leads nowhere else.
 *
 * <p>What can be made again lies in {@code UserCache}; where that cannot be written, in a temporary folder of the process. Bars of progress are
 * for terminals only: elsewhere {@code LogProgress} writes lines.
 *
 * <p>Names beyond ASCII are refused where they are first met, not at the start: without a UTF-8 locale a run whose names are all ASCII is right.
 */
package org.keeplora.cli;
