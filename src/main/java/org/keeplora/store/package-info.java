/**
 * Named arrays, pickles and run folders on disk.
 *
 * <p>Imports no room of ours. Nothing here executes what a file contains, and nothing is visible under its final name before it
 * is complete.
 */
package org.keeplora.store;
