/**
 * Named arrays, pickles and run folders on disk.
 *
 * <p>Imports no room of ours. Nothing here executes what a file contains, and nothing is visible under its final name before it
 * is complete.
 *
 * <p>Threads: what reads arrays keeps neither a file open nor a position, so several threads may ask one reader. {@link
 * org.keeplora.store.RunDirectory} belongs to one thread.
 */
package org.keeplora.store;
