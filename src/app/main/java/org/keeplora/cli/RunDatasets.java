package org.keeplora.cli;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.keeplora.data.Dataset;
import org.keeplora.report.TestSet;
import org.keeplora.store.NameEncoding;

/** The opened data sets of a configuration. */
record RunDatasets(List<Dataset> tasks, List<Dataset> probes) {
    static RunDatasets open(RunConfig.Data data) {
        Path root = data.root() == null ? null : ModelFiles.existing("data.root", data.root());
        data.sources().forEach(source -> NameEncoding.require(source.name()));
        return new RunDatasets(open(data.tasks(), root), open(data.probes(), root));
    }

    private static List<Dataset> open(List<DataSource> sources, Path root) {
        return sources.stream().map(source -> source.open(root)).toList();
    }

    /** Tasks, then probes. */
    List<Dataset> all() {
        return Stream.concat(tasks.stream(), probes.stream()).toList();
    }

    /** Prints how many images each has, and what was left out. */
    void announce(Verbosity verbosity) {
        all().forEach(dataset -> verbosity.say(dataset.counts()));
    }

    /** Sizes of the test sets used for a run's accuracies, by name; none for data sets without test images. */
    Map<String, TestSet> testSizes() {
        Map<String, TestSet> sizes = new LinkedHashMap<>();
        all().stream()
                .filter(set -> !set.test().isEmpty())
                .forEach(set -> sizes.put(
                        set.name(),
                        new TestSet(set.test().size(), set.classNames().size())));
        return sizes;
    }
}
