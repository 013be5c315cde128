/**
 * Lets several processes compute one run together, with libtorch's c10d: Gloo on the host, NCCL on GPUs, a TCPStore as
 * meeting point, and the environment variables that torchrun sets. The protocol is c10d's; we add none.
 *
 * <p>A separate room below train, because it knows tensors and processes but no tasks. Imports store, for its errors.
 * All processes make every call in the same order, each from one thread.
 *
 * <p>There are two ways to sum. By default a process computes its part of a batch at once, and c10d adds in an order
 * that depends on the number of processes. The processes then have the same bits as each other, but not as a single
 * process. In {@link org.keeplora.distributed.ProcessGroup#inMicroBatches micro-batches} parts and order are fixed, and
 * every number of processes computes the same bits. AdamW turns gradients that are only rounding into whole steps, so
 * only this way keeps training runs close.
 *
 * <p>If a process dies, hangs or cannot be reached, every process that waits for it ends with
 * {@link org.keeplora.distributed.LostProcess}. This happens at most {@code KEEPLORA_RANK_TIMEOUT} (300 s by default)
 * plus {@link org.keeplora.distributed.LostProcess#DIAGNOSIS} after it began to wait. A reset connection ends the
 * waiting at once; a cut one is noticed after the time-out. A process that started the others adds the time that it
 * gives them to end. A hanging process is ended only by the process that started it. {@code Nccl} says how the same is
 * to hold on GPUs.
 *
 * <p>Traffic inside the group is not encrypted, as in PyTorch: everyone who reaches the ports can read and disturb it,
 * so use a separate network. Gloo listens only at the address of the interface in {@code GLOO_SOCKET_IFNAME}; without
 * it, at the address of the host's name. The TCPStore of process 0 listens at every address of its machine, at
 * {@code MASTER_PORT}, as PyTorch's does. Only a firewall closes it to others.
 */
package org.keeplora.distributed;
