package org.keeplora.store;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Arrays spread over several safetensors files, as {@code model.safetensors.index.json} lists them. */
public final class ShardedSafetensors implements ArraySource {
    private final Path index;
    private final Map<String, Safetensors> shardOf;

    private ShardedSafetensors(Path index, Map<String, Safetensors> shardOf) {
        this.index = index;
        this.shardOf = shardOf;
    }

    /**
     * Opens the index and every file it names, which lie beside it.
     *
     * @throws BadFile when the index is not one, or a file lacks an array it is listed for
     */
    public static ShardedSafetensors open(Path index) {
        Map<String, Safetensors> files = new HashMap<>();
        Map<String, Safetensors> shardOf = new TreeMap<>();
        for (Map.Entry<String, JsonNode> entry : weightMap(index).properties()) {
            String shard = entry.getValue().asText();
            if (!Path.of(shard).equals(Path.of(shard).getFileName())) {
                throw new BadFile(index, "weight_map: '" + shard + "' is not the name of a file beside the index");
            }
            Safetensors file = files.computeIfAbsent(shard, name -> Safetensors.open(index.resolveSibling(name)));
            if (!file.names().contains(entry.getKey())) {
                throw new BadFile(file.file(), "holds no array " + entry.getKey() + ", which the index lists for it");
            }
            shardOf.put(entry.getKey(), file);
        }
        return new ShardedSafetensors(index, shardOf);
    }

    private static JsonNode weightMap(Path index) {
        try {
            JsonNode map = new ObjectMapper().readTree(index.toFile()).path("weight_map");
            if (!map.isObject() || map.isEmpty()) {
                throw new BadFile(index, "has no weight_map of array names to files; fetch the index again");
            }
            return map;
        } catch (IOException e) {
            throw new BadFile(
                    index,
                    "cannot be read as JSON ("
                            + e.getMessage().lines().findFirst().orElse("") + ")",
                    e);
        }
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

    private Safetensors shard(String name) {
        Safetensors shard = shardOf.get(name);
        if (shard == null) {
            throw new BadFile(index, "holds no array " + name);
        }
        return shard;
    }
}
