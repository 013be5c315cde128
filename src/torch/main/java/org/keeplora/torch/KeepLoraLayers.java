package org.keeplora.torch;

import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.StringSharedModuleDict;
import org.keeplora.engine.internal.Require;
import org.keeplora.learner.Site;

/**
 * The {@link KeepLoraLinear} of a module, by the names under which they are registered, such as {@code blocks.0.up}.
 * Unless told otherwise all are adapted, and each reads an input of its own. The methods return a changed copy.
 */
public final class KeepLoraLayers {
    private final Module module;
    private final Map<String, KeepLoraLinear> layers;
    private final Map<String, UnaryOperator<Site>> settings;

    private KeepLoraLayers(
            Module module, Map<String, KeepLoraLinear> layers, Map<String, UnaryOperator<Site>> settings) {
        this.module = module;
        this.layers = layers;
        this.settings = settings;
    }

    /**
     * All layers of {@code module}; one that is registered twice counts under its first name.
     *
     * @throws IllegalArgumentException if it has none
     */
    public static KeepLoraLayers of(Module module) {
        Map<String, KeepLoraLinear> layers = new LinkedHashMap<>();
        Set<KeepLoraLinear> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        try (PointerScope scope = new PointerScope()) {
            StringSharedModuleDict modules = module.named_modules("", false);
            for (long i = 0; i < modules.size(); i++) {
                String name = modules.get(i).key().getString();
                KeepLoraLinear.of(modules.get(i).value()).filter(seen::add).ifPresent(layer -> layers.put(name, layer));
            }
            Require.that(
                    !layers.isEmpty(),
                    "KeepLoraLayers.of: none of the module's %d modules is a KeepLoraLinear; register one in place of"
                            + " each Linear that is to be adapted",
                    modules.size());
        }
        return new KeepLoraLayers(module, layers, Map.of());
    }

    /** All but {@code names}: they are neither adapted nor protected. */
    public KeepLoraLayers without(String... names) {
        Map<String, KeepLoraLinear> left = new LinkedHashMap<>(layers);
        for (String name : names) {
            layer("without", name);
            left.remove(name);
        }
        return new KeepLoraLayers(module, left, settings);
    }

    /** Only {@code names}, in their order. */
    KeepLoraLayers only(String operation, Collection<String> names) {
        Map<String, KeepLoraLinear> left = new LinkedHashMap<>();
        names.forEach(name -> left.put(name, layer(operation, name)));
        return new KeepLoraLayers(module, left, settings);
    }

    /**
     * Layers that read the same tensor, as query, key and value do: what they read is collected once.
     *
     * @param input a name for it; it stands in messages
     */
    public KeepLoraLayers sharing(String input, String... names) {
        KeepLoraLayers sharing = this;
        for (String name : names) {
            sharing = sharing.with(name, site -> site.withInput(input));
        }
        return sharing;
    }

    /** A layer with settings of its own in place of the learner's, such as its shares. */
    public KeepLoraLayers with(String name, UnaryOperator<Site> own) {
        layer("with", name);
        Map<String, UnaryOperator<Site>> changed = new LinkedHashMap<>(settings);
        changed.merge(name, own, (earlier, later) -> site -> later.apply(earlier.apply(site)));
        return new KeepLoraLayers(module, layers, changed);
    }

    private KeepLoraLinear layer(String operation, String name) {
        KeepLoraLinear layer = layers.get(name);
        Require.that(layer != null, "%s: there is no layer \"%s\"; known are %s", operation, name, layers.keySet());
        return layer;
    }

    Module module() {
        return module;
    }

    /** By name, in the order in which they were registered. */
    Map<String, KeepLoraLinear> byName() {
        return Collections.unmodifiableMap(layers);
    }

    List<String> names() {
        return List.copyOf(layers.keySet());
    }

    /** The settings of {@code name}. */
    UnaryOperator<Site> settings(String name) {
        return settings.getOrDefault(name, site -> site);
    }
}
