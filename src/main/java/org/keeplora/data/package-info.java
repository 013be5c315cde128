/**
 * From folders on disk to labelled RGB images: one reader per disk format, data sets as rows of a table.
 *
 * <p>Imports no room of ours and no torch: the official random split needs PyTorch's generator, so the caller passes the
 * permutation in.
 */
package org.keeplora.data;
