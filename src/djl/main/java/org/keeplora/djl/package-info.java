/**
 * Arrays of the Deep Java Library beside matrices of the engine. Imports engine.
 *
 * <p>Not together with torch: DJL's PyTorch engine brings a libtorch of its own, and a process holds only one.
 */
package org.keeplora.djl;
