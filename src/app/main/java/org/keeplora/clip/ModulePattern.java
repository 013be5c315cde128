package org.keeplora.clip;

import java.nio.file.Path;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.keeplora.store.BadFile;

/**
 * A regular expression of PEFT for a module's name or its end. A file may hold any expression, and some take years to
 * match. So only expressions of at most 200 letters without counts are accepted, and matching stops after a limited
 * number of steps.
 */
final class ModulePattern {
    private static final Pattern SAFE = Pattern.compile("[\\w.*+?^$\\[\\]()|:\\\\-]{1,200}");
    private static final int MOST_STEPS = 1_000_000;

    private final Path file;
    private final String name;
    private final Pattern pattern;

    private ModulePattern(Path file, String name, Pattern pattern) {
        this.file = file;
        this.name = name;
        this.pattern = pattern;
    }

    /**
     * A pattern for the end of a name.
     *
     * @param patterns the setting that holds the key
     * @throws BadFile when {@code key} is not such an expression
     */
    static ModulePattern of(Path file, String patterns, String key) {
        return of(file, patterns, key, "(.*\\.)?(" + key + ")");
    }

    /** As {@link #of}, for a whole name. */
    static ModulePattern ofWhole(Path file, String setting, String expression) {
        return of(file, setting, expression, expression);
    }

    private static ModulePattern of(Path file, String patterns, String key, String expression) {
        String name = patterns + ": '" + key + "'";
        if (!SAFE.matcher(key).matches()) {
            throw new BadFile(file, name + " has counts, other signs or more than 200 letters, which is not supported");
        }
        try {
            return new ModulePattern(file, name, Pattern.compile(expression));
        } catch (PatternSyntaxException e) {
            throw new BadFile(file, name + " is not a regular expression (" + e.getDescription() + ")", e);
        }
    }

    /** @throws BadFile when matching takes too many steps */
    boolean matches(String module) {
        return pattern.matcher(new Counted(module)).matches();
    }

    /** Text whose characters can be read only a limited number of times, so that matching always ends. */
    private final class Counted implements CharSequence {
        private final String text;
        private int steps;

        Counted(String text) {
            this.text = text;
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public char charAt(int index) {
            if (++steps > MOST_STEPS) {
                throw new BadFile(file, name + " takes too long to match; write it more simply");
            }
            return text.charAt(index);
        }

        @Override
        public CharSequence subSequence(int from, int to) {
            return text.subSequence(from, to);
        }
    }
}
