/**
 * The computations of the method, in batches of one problem per site.
 *
 * <p>Threads: {@link org.keeplora.method.internal.PrincipalSubspace}, {@link
 * org.keeplora.method.internal.SecondMoment} and {@link org.keeplora.method.internal.SlotMean} are mutable and belong
 * to one thread at a time. Different ones may be used at once, also with the same {@link org.keeplora.engine.Linalg}.
 * {@link org.keeplora.method.internal.LoraStart} has no state.
 */
@Internal
package org.keeplora.method.internal;

import org.keeplora.engine.internal.Internal;
