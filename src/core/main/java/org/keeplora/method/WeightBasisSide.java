package org.keeplora.method;

/** Which singular vectors of a weight W [in x out] span what must not move. */
public enum WeightBasisSide {
    /** Left vectors of W: directions of the layer's input, as the paper has it. */
    INPUT,
    /**
     * Right vectors of W (left vectors of PyTorch's stored [out x in] matrix), yet applied on the input side: what the authors'
     * MTIL program does. Only defined where in = out.
     */
    OUTPUT
}
