package org.keeplora.data;

/** A data set is not as it should be on disk; the message says what, where and what to do. */
public final class DatasetProblem extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    DatasetProblem(String message) {
        super(message);
    }
}
