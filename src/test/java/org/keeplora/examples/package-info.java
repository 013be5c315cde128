/**
 * How a trainer of someone else's uses engine and method: on plain arrays, on JavaCPP's PyTorch tensors, on DJL's arrays.
 *
 * <p>Standing outside the rooms, the examples reach public types only; the compiler sees to it. {@link
 * org.keeplora.examples.TwoTasksContract} runs each of them.
 */
package org.keeplora.examples;
