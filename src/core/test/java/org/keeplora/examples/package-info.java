/**
 * Examples of engine and method in other people's trainers, here on plain arrays. torch and djl have the same examples
 * on their tensors and arrays.
 *
 * <p>The examples are outside the packages of the engine, so the compiler ensures that they use only public types.
 * {@link org.keeplora.examples.TwoTasksContract} runs each of them.
 */
package org.keeplora.examples;
