/**
 * Connects arrays of the Deep Java Library with matrices of the engine. Imports engine.
 *
 * <p>Cannot be used together with torch: DJL's PyTorch engine brings its own libtorch, and a process can hold only one.
 */
package org.keeplora.djl;
