/**
 * The command line. Only this room reads configuration files and options, and only it turns an exception into an exit
 * code.
 *
 * <p>No other room imports this one.
 *
 * <p>{@code ConfigTree} lays files, overrides and {@code ConfigDefaults} over each other. {@code RunConfig} checks the
 * values, and its {@code settings()} pass them to the training room. {@code RunParts} and {@code RunDatasets} open what
 * a configuration names.
 *
 * <p>Errors: a {@link org.keeplora.store.UserError}, or a type that {@code Failure} lists, can be fixed by the user and
 * is printed as one line. All others are errors of the program and are printed with their stack.
 *
 * <p>A configuration has at most 3 MiB, 50 levels, no aliases and one document. It may name files anywhere, because the
 * user who runs it wrote it. A value that becomes a folder name of the results must be a plain name.
 *
 * <p>Files that can be created again lie in {@code UserCache}, or in a temporary folder of the process if the cache
 * cannot be written. Progress bars are for terminals only; elsewhere {@code LogProgress} writes lines.
 *
 * <p>Names beyond ASCII are refused when they are first used, not at the start, so a run with ASCII names works without
 * a UTF-8 locale.
 */
package org.keeplora.cli;
