package org.keeplora.store;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Arrays spread over several files, as {@code model.safetensors.index.json} or {@code pytorch_model.bin.index.json}
 * lists them.
 */
public final class ShardedArrays implements ArraySource {
    private static final String ADVICE = "fetch the index and its files again";

    private final Path index;
    private final Map<String, ArraySource> shardOf;

    private ShardedArrays(Path index, Map<String, ArraySource> shardOf) {
        this.index = index;
        this.shardOf = shardOf;
    }

    /**
     * Opens the index and all files it names, which must be in its folder.
     *
     * @throws BadFile when the index is not valid, or a file lacks an array it is listed for
     */
    public static ShardedArrays open(Path index) {
        Map<Path, ArraySource> files = new HashMap<>();
        Map<String, ArraySource> shardOf = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap(index).properties()) {
            Path shard = beside(index, entry.getValue());
            ArraySource file = files.computeIfAbsent(shard, ArraySource::openWhole);
            if (!file.names().contains(entry.getKey())) {
                throw new BadFile(
                        file.file(), "holds no array " + entry.getKey() + ", which the index lists for it; " + ADVICE);
            }
            shardOf.put(entry.getKey(), file);
        }
        return new ShardedArrays(index, shardOf);
    }

    private static JsonNode weightMap(Path index) {
        JsonNode map = JsonFile.object(index, ADVICE).path("weight_map");
        if (!map.isObject() || map.isEmpty()) {
            throw new BadFile(index, "has no weight_map of array names to files; " + ADVICE);
        }
        return map;
    }

    /** A shard must lie in the index's own folder and have a plain file name. */
    private static Path beside(Path index, JsonNode shard) {
        return InnerPath.of(index.toAbsolutePath().getParent(), shard.asText())
                .filter(path -> path.getParent().equals(index.toAbsolutePath().getParent()))
                .orElseThrow(() -> new BadFile(
                        index,
                        "weight_map: '" + shard.asText() + "' is not the name of a file beside the index; " + ADVICE));
    }

    @Override
    public Path file() {
        return index;
    }

    @Override
    public Set<String> names() {
        return Collections.unmodifiableSet(shardOf.keySet());
    }

    @Override
    public ElementFormat format(String name) {
        return shard(name).format(name);
    }

    @Override
    public long[] shape(String name) {
        return shard(name).shape(name);
    }

    @Override
    public NamedArray get(String name) {
        return shard(name).get(name);
    }

    private ArraySource shard(String name) {
        ArraySource shard = shardOf.get(name);
        if (shard == null) {
            throw new BadFile(index, "holds no array " + name + "; give the file that does");
        }
        return shard;
    }
}
