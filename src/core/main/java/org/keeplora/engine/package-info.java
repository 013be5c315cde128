/**
 * Matrices, decompositions and the backends that compute them.
 *
 * <p>Owns {@link org.keeplora.engine.Matrix} (row-major, float32 or float64) and {@link org.keeplora.engine.Linalg},
 * which checks every argument once and hands batches of problems to a backend. Knows no CLIP, no torch, no task.
 * Imports no room of ours; the only room that may import {@code org.bytedeco.openblas} and {@code org.bytedeco.cuda}.
 *
 * <p>Decisions: every operation takes a batch, because the method always has one problem per site and a backend can
 * then group them; the backend is an object passed down, never a static choice; a matrix lies where its backend
 * computes, and nothing is copied between host and device but by {@link org.keeplora.engine.Linalg#copyOf},
 * {@link org.keeplora.engine.Linalg#adopt} and {@link org.keeplora.engine.Matrix#toHost}.
 *
 * <p>On CUDA an operation enqueues its whole batch on one stream. It waits only where it gives numbers to the JVM: one
 * look at all operands for what is not finite, norms, ranks, convergence. Whether a Cholesky pass was safe is noted on
 * the device and read at the end. Everything an operation allocates is registered with {@code Cuda.operation} and given
 * back where it fails. cuBLAS and cuSOLVER are called through JavaCPP's presets; {@code native/} holds what they cannot
 * do in one call. The device is looked for in a process of its own ({@code CudaSurvey}), since a missing symbol ends
 * the process.
 *
 * <p>Native libraries are unpacked where they can run: {@link org.keeplora.engine.NativeCache} sees to it before the
 * first one is loaded, as JavaCPP takes any folder that can be written and stops at the first.
 *
 * <p>Threads on the host, one policy: a batch of one problem computes with as many BLAS threads as
 * {@link org.keeplora.engine.Linalg#open} was given; so does, in turn, each problem of a batch that consists of
 * products of large matrices, since their packed blocks then share the caches. Any other batch computes one problem per
 * worker, each with a single BLAS thread. Never both, since two pools of threads on the same cores slow each other down
 * many times. OpenBLAS's thread number belongs to the whole process (libtorch shares the library), so operations run
 * one at a time and each puts the number back.
 *
 * <p>Threads of the caller: {@link org.keeplora.engine.Linalg} and {@link org.keeplora.engine.Matrix} say what they
 * bear, {@link org.keeplora.engine.Scope} belongs to one thread. Everything else is a value that never changes, and of
 * which several threads may use as much as of the matrices in it.
 */
package org.keeplora.engine;
