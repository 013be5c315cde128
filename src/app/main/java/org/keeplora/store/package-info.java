/**
 * Named arrays, pickles and run folders on disk.
 *
 * <p>Imports no room of ours. Nothing here executes what a file contains, and nothing is visible under its final name
 * before it is complete. What is written survives a power cut: content is forced before its name is given, and the
 * folder after that. {@link org.keeplora.store.RunDirectory} is for results made in one go,
 * {@link org.keeplora.store.RunJournal} for a run that must go on after its process ended. The order of their writes is
 * proved by a test that stops a run at each of them.
 *
 * <p>As the lowest room of the program it has {@link org.keeplora.store.UserError}, the type of everything that a user
 * can mend.
 *
 * <p>Threads: what reads arrays keeps neither a file open nor a position, so several threads may ask one reader. {@link
 * org.keeplora.store.RunDirectory} belongs to one thread.
 */
package org.keeplora.store;
