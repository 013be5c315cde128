package org.keeplora.engine.internal;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ResourceScopeTest {
    private final List<Integer> closed = new ArrayList<>();

    private AutoCloseable resource(int number) {
        return () -> closed.add(number);
    }

    @Test
    void givesBackWhatItKeepsAndClosesTheLastFirst() {
        AutoCloseable first = resource(0);
        List<AutoCloseable> more = List.of(resource(1), resource(2));
        try (ResourceScope scope = new ResourceScope()) {
            assertSame(first, scope.keep(first));
            assertSame(more, scope.keep(more));
            assertEquals(List.of(), closed);
        }
        assertEquals(List.of(2, 1, 0), closed);
    }

    @Test
    void closesEverythingWhereOneFails() {
        ResourceScope scope = new ResourceScope();
        scope.keep(resource(0));
        IllegalStateException second = new IllegalStateException("second");
        scope.keep(() -> {
            throw second;
        });
        IOException first = new IOException("first");
        scope.keep(() -> {
            throw first;
        });
        IllegalStateException failure = assertThrows(IllegalStateException.class, scope::close);
        assertSame(first, failure.getCause());
        assertArrayEquals(new Throwable[] {second}, failure.getSuppressed());
        assertEquals(List.of(0), closed);
        scope.close();
        assertEquals(List.of(0), closed);
    }
}
