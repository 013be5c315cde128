/**
 * Matrices, decompositions and the backends that compute them.
 *
 * <p>Owns {@link org.keeplora.engine.Matrix} (row-major, float32 or float64) and {@link org.keeplora.engine.Linalg}, a
 * backend that was opened. Its operations are {@code BatchLinalg}'s, in {@code org.keeplora.engine.internal}. Knows no
 * CLIP, no torch, no task. Imports no other room; no other room may import {@code org.bytedeco.openblas} or {@code
 * org.bytedeco.cuda}.
 *
 * <p>Decisions: Every operation takes a batch, because the method always has one problem per site and a backend can
 * then group them. The backend is an object passed down, never a static choice. A matrix lies where its backend
 * computes. Only {@link org.keeplora.engine.Linalg#copyOf}, {@link org.keeplora.engine.Linalg#adopt} and
 * {@link org.keeplora.engine.Matrix#toHost} copy between host and device.
 *
 * <p>On a GPU a matrix belongs to the stream of its backend. Memory of others is ordered with theirs for as long as a
 * matrix wraps it: by events if {@link org.keeplora.engine.Linalg#wrap(int, int, org.keeplora.engine.ElementType,
 * org.bytedeco.javacpp.Pointer, long)} is told the stream, by waiting for the device if not. So no caller has to know
 * what must wait for what. A matrix of another stream is refused as an operand; copying it is ordered likewise.
 *
 * <p>On CUDA an operation enqueues its whole batch on one stream. It waits only when it returns numbers to the JVM: one
 * check that all operands are finite, norms, ranks, convergence. Whether a Cholesky pass was safe is noted on the
 * device and read at the end. Everything an operation allocates is registered with {@code Cuda.operation} and freed if
 * it fails. cuBLAS and cuSOLVER are called through JavaCPP's presets; {@code native/} holds what they cannot do in one
 * call. {@code CudaSurvey} looks for the device in a separate process, because a missing symbol ends the process. That
 * CUDA is usable is handed on to child processes, where {@code CudaSurveySubject} finds the same as in the parent.
 *
 * <p>{@code NativeCache} chooses a folder from which native libraries can run, before the first one is loaded. JavaCPP
 * alone takes the first folder that can be written, even if nothing may run from it.
 *
 * <p>Threads on the host, one policy: An operation computes on the caller's thread and on the other threads of its
 * {@link org.keeplora.engine.Linalg}, each with one thread of OpenBLAS. They share the problems of a batch, and the
 * slices of a large product. When they have nothing to do they look for work for 0.1 ms, then sleep. What is too small
 * to repay waking a thread stays with the caller. Operations of any number of callers run beside each other. OpenBLAS's
 * own threads are not used for this, since they spin for 25 ms after each product and serve one caller at a time. The
 * exception is a batch of one large decomposition, which LAPACK computes with as many of them as the Linalg has, while
 * no other operation runs. Which of these applies depends on sizes and the number of threads only, so results have the
 * same bits whatever else runs. OpenBLAS's thread number belongs to the whole process (libtorch shares the library).
 * The first operation sets it and the last one puts it back, see {@code BlasThreads}.
 *
 * <p>Threads of the caller: {@link org.keeplora.engine.Linalg} and {@link org.keeplora.engine.Matrix} document their
 * thread safety. Everything else is an immutable value, as safe to use from several threads as the matrices in it.
 */
package org.keeplora.engine;
