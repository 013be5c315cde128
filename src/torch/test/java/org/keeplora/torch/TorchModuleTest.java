package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertTrue;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.testing.ModulePath;

/** Runs this artifact as a module, in a JVM with an empty class path. */
final class TorchModuleTest {
    /** Sees a tensor as a matrix, and prints the module that lets it. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Libtorch.load();
            try (Tensor ones = torch.ones(2, 3);
                    Matrix view = TorchMatrix.view(ones)) {
                System.out.println(view + " in " + TorchMatrix.class.getModule());
            }
        }
    }

    @Test
    void bringsCoreAndPytorch() throws Exception {
        String printed = ModulePath.run(
                "org.keeplora.torch",
                Program.class,
                ModulePath.placeOf(Linalg.class),
                ModulePath.placeOf(TorchMatrix.class));
        assertTrue(printed.contains("in module org.keeplora.torch"), printed);
        assertTrue(printed.contains("2 x 3"), printed);
    }
}
