/**
 * What a run over several ranks costs: a model of bytes, messages and operations ({@link org.keeplora.bench.ranks.Payload}, {@link
 * org.keeplora.bench.ranks.RankCost}), a simulation that replays measured steps ({@link org.keeplora.bench.ranks.Replay}), what measures
 * one rank, the link and runs of several, and the page that shows all of it.
 *
 * <p>The model imports nothing of the program: it repeats its numbers, names the class that each comes from, and is compared with what
 * runs count.
 */
package org.keeplora.bench.ranks;
