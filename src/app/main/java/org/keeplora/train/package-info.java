/**
 * The run: the one room that knows the order of things.
 *
 * <p>Imports every room but cli and drawn. {@link org.keeplora.train.ContinualRun} reads like the procedure of the
 * paper; every arrow of it is a value that can be written down and compared.
 *
 * <p>Threads: a run uses the thread that called it and sets libtorch's number of threads, which is the whole process's:
 * one run at a time.
 */
package org.keeplora.train;
