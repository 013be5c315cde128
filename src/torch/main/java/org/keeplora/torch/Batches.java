package org.keeplora.torch;

import java.util.Iterator;
import org.bytedeco.javacpp.PointerScope;

/** A pass over batches, one after the other. */
final class Batches {
    private Batches() {}

    /** What is done with one batch, which is counted from 1. */
    interface Step<B> {
        void with(int number, B batch);
    }

    /** Every batch is drawn and used in a PointerScope of its own, so that a pass needs the memory of one batch. */
    static <B> void forEach(Iterable<B> batches, Step<? super B> step) {
        Iterator<B> each = batches.iterator();
        for (int number = 1; each.hasNext(); number++) {
            try (PointerScope tensors = new PointerScope()) {
                step.with(number, each.next());
            }
        }
    }
}
