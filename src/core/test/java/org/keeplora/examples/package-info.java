/**
 * How a trainer of somebody else's uses engine and method, here on plain arrays; torch and djl have the same on tensors
 * and arrays of theirs.
 *
 * <p>Standing outside the rooms, the examples reach public types only; the compiler sees to it. {@link
 * org.keeplora.examples.TwoTasksContract} runs each of them.
 */
package org.keeplora.examples;
