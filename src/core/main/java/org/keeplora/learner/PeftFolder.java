package org.keeplora.learner;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.Require;
import org.keeplora.engine.internal.ResourceScope;

/**
 * The form of a LoRA adapter in Hugging Face PEFT. PEFT adds (lora_alpha / r) · lora_B · lora_A to a weight [out x in];
 * here lora_alpha = r. Sites of rank 0 are left out.
 */
final class PeftFolder {
    private static final String PREFIX = "base_model.model.";

    private PeftFolder() {}

    static void write(Path folder, TaskAdapters adapters, UnaryOperator<String> module) {
        Map<String, Integer> ranks = new TreeMap<>();
        Map<String, Matrix> factors = new TreeMap<>();
        try (ResourceScope scope = new ResourceScope()) {
            for (SiteAdapter adapter : adapters) {
                String name = module.apply(adapter.site().name());
                Names.require("module of site " + adapter.site().name(), name);
                if (adapter.rank() > 0) {
                    Require.that(ranks.put(name, adapter.rank()) == null, "writePeft: two sites have module %s", name);
                    factors.put(PREFIX + name + ".lora_A.weight", adapter.transposedA(scope));
                    factors.put(PREFIX + name + ".lora_B.weight", adapter.transposedChange(scope));
                }
            }
            Require.that(
                    !ranks.isEmpty(), "writePeft: no site has an adapter of rank above 0; there is nothing to write");
            Files.createDirectories(folder);
            new SafetensorsFile(Map.of("format", "pt"), factors).write(folder.resolve("adapter_model.safetensors"));
            Files.writeString(folder.resolve("adapter_config.json"), config(ranks));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": the adapter cannot be written: " + e, e);
        }
    }

    /** A regular expression for the name alone, in JSON. A plain name would stand for every name that ends with it. */
    private static String pattern(String module) {
        return module.replaceAll("([^\\p{L}\\p{N}_])", "\\\\\\\\$1");
    }

    private static String config(Map<String, Integer> ranks) {
        int rank = ranks.values().stream().mapToInt(Integer::intValue).max().orElse(1);
        StringJoiner modules = new StringJoiner("|");
        StringJoiner others = new StringJoiner(", ");
        ranks.forEach((module, r) -> {
            modules.add(pattern(module));
            if (r != rank) {
                others.add(Require.text("\"^%s$\": %d", pattern(module), r));
            }
        });
        return Require.text("""
                {
                  "peft_type": "LORA",
                  "task_type": null,
                  "base_model_name_or_path": null,
                  "inference_mode": true,
                  "r": %1$d,
                  "lora_alpha": %1$d,
                  "lora_dropout": 0.0,
                  "bias": "none",
                  "fan_in_fan_out": false,
                  "init_lora_weights": true,
                  "use_rslora": false,
                  "target_modules": "%2$s",
                  "rank_pattern": {%3$s},
                  "alpha_pattern": {%3$s}
                }
                """, rank, modules, others);
    }
}
