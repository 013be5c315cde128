package org.keeplora.method;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;

/** The tests of the method for every backend. Opens the engine and closes the resources that a test keeps. */
abstract class MethodContract {
    /** The engine of this test. */
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

    /** Closes {@code resource} after the test and returns it. */
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
