/**
 * Several processes that compute one run together, on libtorch's c10d: Gloo on the host, NCCL on GPUs, a TCPStore to
 * meet in, and the environment variables that torchrun sets. The protocol is c10d's; there is none of ours.
 *
 * <p>A room of its own below train, as it knows tensors and processes and nothing of tasks. Imports store, for its
 * errors. Every call is made by all processes, in the same order, by one thread of each.
 *
 * <p>Two ways to sum. By default a process computes its share of a batch at once and c10d adds, in an order that
 * depends on the number of processes: processes have the same bits as each other, but not as one process. In
 * {@link org.keeplora.distributed.ProcessGroup#inMicroBatches micro-batches} parts and order are fixed, and every
 * number of processes has the same bits. AdamW makes whole steps of gradients that are rounding, so runs that learn
 * agree closely in this way only.
 *
 * <p>Where a process dies, hangs or cannot be reached, every other process that waits for it ends with
 * {@link org.keeplora.distributed.LostProcess}, no later than {@code KEEPLORA_RANK_TIMEOUT} (300 s where it is not set)
 * and {@link org.keeplora.distributed.LostProcess#DIAGNOSIS} after it began to wait. A connection that is reset ends
 * the waiting at once; one that was cut shows after the time-out. A process that starts processes adds the time in
 * which it lets them end. A process that hangs by itself is not ended from elsewhere, only by the process that started
 * it.
 *
 * <p>Traffic inside the group is plain, as in PyTorch: everyone who reaches the ports can read and disturb it, so the
 * group belongs on a network of its own. Gloo listens at the address of the interface that {@code GLOO_SOCKET_IFNAME}
 * names and nowhere else; without it, at the address that the host's name has. The TCPStore of process 0 listens at
 * every address of its machine, at {@code MASTER_PORT}, as PyTorch's does: a firewall is what closes it to others.
 */
package org.keeplora.distributed;
