package org.keeplora.cli;

import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The options that give a command its configuration. */
final class ConfigSource {
    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE|NAME",
            description =
                    "Configuration in YAML: a file of yours or of the authors' program, or a name 'keeplora configs' lists.")
    private String config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override one key, as in --set train.seed=1; may be repeated. model=PATH and data=FOLDER"
                    + " stand for model.checkpoint and data.root.")
    private List<String> overrides = List.of();

    @Parameters(
            arity = "0..*",
            paramLabel = "KEY VALUE",
            description = "Override keys the way the authors' program does, as in optim.lr 0.001.")
    private List<String> pairs = List.of();

    RunConfig read() {
        return RunConfigFile.read(config, pairs, overrides);
    }
}
