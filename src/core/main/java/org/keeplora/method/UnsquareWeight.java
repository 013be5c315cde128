package org.keeplora.method;

import org.keeplora.engine.Matrix;

/** {@link Switches.WeightBasis#OUTPUT} was chosen for a weight that is not square. */
public final class UnsquareWeight extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    UnsquareWeight(Matrix weight) {
        super("weight basis of the output side: weight is " + weight
                + "; its output directions can only stand in for input directions where both are equally many;"
                + " choose the input side");
    }
}
