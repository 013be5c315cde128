package org.keeplora.cli;

import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Lists the configurations that are part of the program, or prints one. */
@Command(
        name = "configs",
        mixinStandardHelpOptions = true,
        description = "List the configurations that come with the program, or print one.")
final class ConfigsCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "NAME", description = "The configuration to print.")
    private String name;

    @Override
    public Integer call() {
        if (name == null) {
            ShippedConfigs.NAMES.forEach(shipped ->
                    System.out.printf(Locale.ROOT, "%-18s %s%n", shipped, ShippedConfigs.description(shipped)));
        } else {
            System.out.print(ShippedConfigs.text(name));
        }
        return Main.OK;
    }
}
