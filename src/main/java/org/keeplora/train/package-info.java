/**
 * The run: the one room that knows the order of things.
 *
 * <p>Imports every room but cli. {@link org.keeplora.train.ContinualRun} reads like the procedure of the paper; every arrow of it is
 * a value that can be written down and compared.
 */
package org.keeplora.train;
