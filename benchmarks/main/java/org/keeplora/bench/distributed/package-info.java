/**
 * What a run over several processes costs: a model of bytes, messages and operations
 * ({@link org.keeplora.bench.distributed.Payload}, {@link org.keeplora.bench.distributed.TaskCost}), a simulation that
 * replays measured steps ({@link org.keeplora.bench.distributed.Replay}), what measures one process, the link and runs
 * of several, and the page that shows all of it.
 *
 * <p>The model imports nothing of the program: it repeats its numbers, names the class that each comes from, and is
 * compared with what runs count.
 */
package org.keeplora.bench.distributed;
