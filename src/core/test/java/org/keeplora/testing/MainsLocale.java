package org.keeplora.testing;

import java.util.Locale;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Sets the locale that the program sets at its start. For tests that compare messages of libraries, which format
 * numbers by the JVM's locale.
 */
public final class MainsLocale implements BeforeAllCallback, AfterAllCallback {
    private Locale before;

    @Override
    public void beforeAll(ExtensionContext context) {
        before = Locale.getDefault();
        Locale.setDefault(Locale.ROOT);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        Locale.setDefault(before);
    }
}
