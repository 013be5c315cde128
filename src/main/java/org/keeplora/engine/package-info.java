/**
 * Matrices, decompositions and the backends that compute them.
 *
 * <p>Owns {@link org.keeplora.engine.Matrix} (row-major, float32 or float64) and {@link org.keeplora.engine.Linalg}, which
 * checks every argument once and hands batches of problems to a backend. Knows no CLIP, no torch, no task. Imports no room of
 * ours; the only room that may import {@code org.bytedeco.openblas} and {@code org.bytedeco.cuda}.
 *
 * <p>Decisions: every operation takes a batch, because the method always has one problem per site and a backend can then
 * group them; the backend is an object passed down, never a static choice.
 */
package org.keeplora.engine;
