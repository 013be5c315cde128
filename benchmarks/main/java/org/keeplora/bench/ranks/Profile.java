package org.keeplora.bench.ranks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;

/** What was measured of one rank on one core. */
record Profile(Network network, TaskSize task, Costs costs) {
    static final ObjectMapper JSON = new ObjectMapper();

    static Profile read(Path file) throws IOException {
        return JSON.readValue(file.toFile(), Profile.class);
    }

    void write(Path file) throws IOException {
        JSON.writerWithDefaultPrettyPrinter().writeValue(file.toFile(), this);
    }
}
