package org.keeplora.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.keeplora.engine.Matrix;

/** Fails every test class that leaves more matrices open than before; registered for the whole module. */
public final class NoOpenMatrices implements BeforeAllCallback, AfterAllCallback {
    @Override
    public void beforeAll(ExtensionContext context) {
        context.getStore(Namespace.create(NoOpenMatrices.class)).put("before", Matrix.open());
    }

    @Override
    public void afterAll(ExtensionContext context) {
        long before = context.getStore(Namespace.create(NoOpenMatrices.class)).get("before", Long.class);
        assertEquals(before, Matrix.open(), "matrices left open by " + context.getDisplayName());
    }
}
