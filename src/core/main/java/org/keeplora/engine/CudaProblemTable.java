package org.keeplora.engine;

import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;

/** A batch for our own kernels in host memory: one row per problem, eight bytes per field, in the order of klr.h. */
final class CudaProblemTable implements AutoCloseable {
    private final int fields;
    private final LongPointer table;
    private long rows;
    private long next;

    CudaProblemTable(int fields, int problems) {
        this.fields = fields;
        this.table = new LongPointer(Math.max(1, (long) fields * problems));
    }

    /** Begins the next problem; its fields follow in order. */
    CudaProblemTable problem() {
        rows++;
        return this;
    }

    /** Adds the address that {@code pointer} points to. */
    CudaProblemTable put(Pointer pointer) {
        return put(Storage.addressOf(pointer));
    }

    CudaProblemTable put(long value) {
        table.put(next++, value);
        return this;
    }

    CudaProblemTable put(double value) {
        return put(Double.doubleToRawLongBits(value));
    }

    /** Adds the code of an element type; klr.h lists the types in the same order. */
    CudaProblemTable put(ElementType type) {
        return put((long) type.ordinal());
    }

    /** Number of problems; throws if a field is missing. */
    long rows() {
        if (next != rows * fields) {
            throw new IllegalStateException(rows + " problems of " + fields + " fields but " + next + " values");
        }
        return rows;
    }

    LongPointer pointer() {
        return table;
    }

    @Override
    public void close() {
        table.close();
    }
}
