package org.keeplora.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code keeplora doctor} on the machine of the tests. */
class DoctorCommandTest {
    @Test
    void saysWhatIsUsableAndWhyTheRestIsNot() {
        StringWriter out = new StringWriter();
        int exit = new CommandLine(new DoctorCommand())
                .setOut(new PrintWriter(out))
                .execute();

        assertEquals(0, exit, out.toString());
        String said = out.toString();
        assertTrue(said.matches("(?s).*\\Rcpu +self-test passed: projection of 768 x 768.*"), said);
        assertTrue(said.matches("(?s).*\\Rcuda +(self-test passed|not usable: ).*"), said);
        for (CudaLibrary library : CudaLibrary.values()) {
            assertTrue(
                    said.contains("/" + library.file()) || said.contains(library.file() + " (" + library.bringer()),
                    said);
        }
        assertTrue(said.matches("(?s).*\\Rchosen +(cpu|cuda)\\R"), said);
    }
}
