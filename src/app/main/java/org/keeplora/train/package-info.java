/**
 * Runs the tasks in order: learning, evaluation and saving.
 *
 * <p>Imports every room but cli and drawn. {@link org.keeplora.train.ContinualRun} reads like the procedure of the
 * paper; each of its arrows is a value that can be saved and compared.
 *
 * <p>Threads: a run uses the thread that called it. It sets libtorch's number of threads for the whole process, so only
 * one run may be active at a time.
 */
package org.keeplora.train;
