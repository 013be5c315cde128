package org.keeplora.cli;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.keeplora.clip.TorchShuffle;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetCatalog;
import org.keeplora.data.OwnData;

/**
 * A data set in a configuration: the name of one of the catalogue, or one's own as {@code {name: .., folder: .., template: ..}} or
 * {@code {name: .., csv: .., template: ..}}.
 *
 * @param name of the data set
 * @param format how one's own lies on disk; null for one of the catalogue
 * @param path where one's own lies; null for one of the catalogue
 * @param template prompt of one's own
 */
record DataSource(String name, OwnData.Format format, String path, String template) {
    private static final Set<String> KEYS = new TreeSet<>(Set.of("name", "folder", "csv", "template"));
    private static final String TEMPLATE = "a photo of a {}.";

    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static DataSource of(JsonNode node) {
        if (!node.isObject()) {
            return new DataSource(node.asText(), null, null, null);
        }
        node.fieldNames()
                .forEachRemaining(key -> ConfigProblem.unless(
                        KEYS.contains(key),
                        "data set %s: unknown key '%s'; did you mean '%s'?",
                        node,
                        key,
                        Nearest.of(key, KEYS)));
        ConfigProblem.unless(
                node.has("name") && node.has("folder") != node.has("csv"),
                "data set %s: give a name, and either a folder or a csv",
                node);
        ConfigProblem.unlessFolderName("data set", node.get("name").asText());
        boolean folder = node.has("folder");
        return new DataSource(
                node.get("name").asText(),
                folder ? OwnData.Format.FOLDER : OwnData.Format.CSV,
                node.get(folder ? "folder" : "csv").asText(),
                node.path("template").asText(TEMPLATE));
    }

    /** As a configuration has it. */
    @JsonValue
    Object value() {
        if (format == null) {
            return name;
        }
        Map<String, String> own = new LinkedHashMap<>();
        own.put("name", name);
        own.put(format == OwnData.Format.FOLDER ? "folder" : "csv", path);
        own.put("template", template);
        return own;
    }

    Dataset open(Path root) {
        return format == null
                ? DatasetCatalog.open(name, root, TorchShuffle::permutation)
                : DatasetCatalog.open(new OwnData(name, format, Path.of(path), template));
    }
}
