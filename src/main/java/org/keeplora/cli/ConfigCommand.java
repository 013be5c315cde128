package org.keeplora.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** Prints the complete commented example configuration. */
@Command(
        name = "config",
        mixinStandardHelpOptions = true,
        description = "Print a complete, commented example configuration.")
final class ConfigCommand implements Callable<Integer> {
    @Override
    public Integer call() throws IOException {
        try (InputStream example = ConfigCommand.class.getResourceAsStream("example.yaml")) {
            System.out.print(new String(example.readAllBytes(), StandardCharsets.UTF_8));
        }
        return Main.OK;
    }
}
