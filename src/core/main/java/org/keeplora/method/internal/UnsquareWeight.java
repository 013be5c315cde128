package org.keeplora.method.internal;

import org.keeplora.engine.Matrix;
import org.keeplora.method.Switches;

/** {@link Switches.WeightBasis#OUTPUT} was chosen for a weight that is not square. */
public final class UnsquareWeight extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnsquareWeight(Matrix weight) {
        super("weight basis of the output side: weight is " + weight
                + "; it must be square, because output directions replace input directions; choose the input side");
    }
}
