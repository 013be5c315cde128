package org.keeplora.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.testing.ModulePath;

/** Runs core as a module, in a JVM with an empty class path. */
final class ModulePathTest {
    private static final Path CLASSES = ModulePath.placeOf(BatchLinalg.class);

    /** Computes a product and prints its module. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            try (BatchLinalg linalg = BatchLinalg.open(BackendChoice.CPU, 1);
                    Matrix left = Matrix.copyOf(new float[][] {{2, 3}});
                    Matrix right = Matrix.copyOf(new float[][] {{5}, {7}});
                    Matrix product = Matrix.zeros(1, 1, ElementType.F32)) {
                linalg.multiply(List.of(new Product(product, 1, Operand.of(left), Operand.of(right), 0)));
                System.out.println(product.get(0, 0) + " in " + BatchLinalg.class.getModule());
            }
            System.out.println(Linalg.backends());
        }
    }

    @Test
    void computesAndLooksForCuda() throws Exception {
        String printed = ModulePath.run("org.keeplora.core", Program.class, CLASSES);
        assertTrue(printed.contains("31.0 in module org.keeplora.core"), printed);
        assertFalse(printed.contains("bindings (org.bytedeco:cuda) are not"), printed);
        assertFalse(printed.contains("ClassNotFoundException"), printed);
    }

    @Test
    void needsNothingButJavacppAndOpenblas() {
        ModuleDescriptor core =
                ModuleFinder.of(CLASSES).find("org.keeplora.core").orElseThrow().descriptor();
        assertEquals(
                Set.of("java.base", "org.bytedeco.javacpp", "org.bytedeco.openblas"),
                core.requires().stream()
                        .filter(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
                        .map(Requires::name)
                        .collect(Collectors.toSet()));
    }

    @Test
    void exportsInternalPackagesToModulesOfThisProjectOnly() {
        ModuleDescriptor core =
                ModuleFinder.of(CLASSES).find("org.keeplora.core").orElseThrow().descriptor();
        Set<String> ours = Set.of("org.keeplora.torch", "org.keeplora.djl");
        assertEquals(
                Map.of(
                        "org.keeplora.engine", Set.of(),
                        "org.keeplora.learner", Set.of(),
                        "org.keeplora.method", Set.of(),
                        "org.keeplora.engine.internal", ours,
                        "org.keeplora.method.internal", ours),
                core.exports().stream()
                        .collect(
                                Collectors.toMap(ModuleDescriptor.Exports::source, ModuleDescriptor.Exports::targets)));
    }
}
