/**
 * What engine shares with the other rooms of this project and not with those who embed it: {@link
 * org.keeplora.engine.internal.BatchLinalg}, the records of its problems and results, and what concerns native
 * libraries.
 *
 * <p>The kernels are in engine itself, because they use what {@link org.keeplora.engine.Matrix} shows to its own
 * package only. So {@link org.keeplora.engine.internal.BatchLinalg} is an interface: its one implementation is there
 * too.
 */
@Internal
package org.keeplora.engine.internal;
