/**
 * Several processes that compute one run together, on libtorch's c10d: Gloo on the host, NCCL on GPUs, a TCPStore to meet in, and the
 * environment variables that torchrun sets. The protocol is c10d's; there is none of ours.
 *
 * <p>Imports no room. Every call is made by all ranks, in the same order, by one thread of each. Traffic inside the group is plain, as in
 * PyTorch: everyone who reaches the ports can read and disturb it, so the group belongs on a network of its own.
 */
package org.keeplora.ranks;
