package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;

/** Tests of the method for every backend: opens its engine, and closes what a test keeps. */
abstract class MethodContract {
    /** Of this test. */
    Linalg linalg;

    private final List<AutoCloseable> open = new ArrayList<>();

    abstract Linalg open();

    @BeforeEach
    void openEngine() {
        linalg = open();
    }

    @AfterEach
    void closeAll() throws Exception {
        for (AutoCloseable resource : open) {
            resource.close();
        }
        if (linalg != null) {
            linalg.close();
        }
    }

    /** {@code resource}, to be closed after the test. */
    <T extends AutoCloseable> T keep(T resource) {
        open.add(resource);
        return resource;
    }

    /** C of {@code samples} [n x in]. */
    Matrix momentOf(Matrix samples) {
        SecondMoment moment = keep(new SecondMoment(linalg, samples.cols()));
        SecondMoment.add(linalg, List.of(new SecondMoment.Update(moment, samples)));
        return moment.value();
    }
}
