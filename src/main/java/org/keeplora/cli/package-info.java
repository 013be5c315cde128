/**
 * The command line: the one reader of configuration files and flags, and the one place that turns an exception into an exit code.
 *
 * <p>Nobody imports this room.
 */
package org.keeplora.cli;
