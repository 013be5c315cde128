/**
 * The costs of a run over several processes: a model of bytes, messages and operations ({@link
 * org.keeplora.bench.distributed.Payload}, {@link org.keeplora.bench.distributed.TaskCost}), a simulation that replays
 * measured steps ({@link org.keeplora.bench.distributed.Replay}), measurements of one process, of the link and of
 * several processes, and the page of all results.
 *
 * <p>The model imports nothing of the program. It repeats the program's numbers, names the class that each comes from,
 * and is compared with the counts of real runs.
 */
package org.keeplora.bench.distributed;
