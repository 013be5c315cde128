/**
 * Matrices, decompositions and the backends that compute them.
 *
 * <p>Owns {@link org.keeplora.engine.Matrix} (row-major, float32 or float64) and {@link org.keeplora.engine.Linalg}, which
 * checks every argument once and hands batches of problems to a backend. Knows no CLIP, no torch, no task. Imports no room of
 * ours; the only room that may import {@code org.bytedeco.openblas} and {@code org.bytedeco.cuda}.
 *
 * <p>Decisions: every operation takes a batch, because the method always has one problem per site and a backend can then
 * group them; the backend is an object passed down, never a static choice.
 *
 * <p>Threads, one policy: a batch of one problem computes with as many BLAS threads as {@link org.keeplora.engine.Linalg#open} was
 * given; so does, in turn, each problem of a batch that consists of products of large matrices, since their packed blocks then
 * share the caches. Any other batch computes one problem per worker, each with a single BLAS thread. Never both, since two pools of
 * threads on the same cores slow each other down many times. OpenBLAS's thread number belongs to the whole process (libtorch shares the library), so
 * operations run one at a time and each puts the number back.
 */
package org.keeplora.engine;
