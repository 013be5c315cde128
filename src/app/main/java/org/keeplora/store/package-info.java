/**
 * Named arrays, pickles and run folders on disk.
 *
 * <p>Imports no other room. Nothing here executes what a file contains, and nothing is visible under its final name
 * before it is complete. Written files survive a power cut: the content is forced to the disk first, then the file gets
 * its name, then the folder is forced. {@link org.keeplora.store.RunDirectory} is for results that are written once,
 * {@link org.keeplora.store.RunJournal} for a run that must be resumable after its process ended. A test stops a run at
 * each write to check their order.
 *
 * <p>As the lowest room of the program, it also owns {@link org.keeplora.store.UserError}, the type of every error that
 * a user can fix.
 *
 * <p>Threads: a reader of arrays keeps no file open and no position, so several threads may use it. {@link
 * org.keeplora.store.RunDirectory} must be used by one thread only.
 */
package org.keeplora.store;
