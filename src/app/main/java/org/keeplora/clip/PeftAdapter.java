package org.keeplora.clip;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.ArraySource;
import org.keeplora.store.BadFile;
import org.keeplora.store.ElementFormat;
import org.keeplora.store.JsonFile;
import org.keeplora.store.KnownKeys;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.torch.LowRankChange;
import org.keeplora.torch.Tensors;

/**
 * Reads and writes a task's change as a LoRA adapter of Hugging Face PEFT for transformers' CLIPModel: {@code
 * adapter_config.json} and {@code adapter_model.safetensors}. PEFT adds (lora_alpha / r) · lora_B · lora_A to a weight
 * [out x in]; we write lora_alpha = r.
 */
public final class PeftAdapter {
    static final String CONFIG = "adapter_config.json";
    private static final String WEIGHTS = "adapter_model.safetensors";
    private static final String PICKLED_WEIGHTS = "adapter_model.bin";
    private static final String PREFIX = "base_model.model.";
    private static final List<String> TARGETS = List.of("q_proj", "k_proj", "v_proj", "out_proj");
    private static final Pattern KEY = Pattern.compile(
            "base_model\\.model\\.(vision|text)_model\\.encoder\\.layers\\.(\\d{1,4})\\.self_attn\\.(q|k|v|out)_proj\\.lora_(A|B)\\.weight");
    /**
     * Settings of LoRA in PEFT 0.21. Initialisations that are not listed change the base model, so B · A would not be
     * the whole change.
     */
    static final KnownKeys KEYS = new KnownKeys()
            .only("peft_type", "LORA")
            .computed("target_modules", "exclude_modules", "layers_to_transform", "layers_pattern")
            .computed("r", "lora_alpha", "rank_pattern", "alpha_pattern", "use_rslora")
            .harmless("task_type", "auto_mapping", "peft_version", "base_model_name_or_path", "revision")
            .harmless("inference_mode", "lora_dropout", "runtime_config", "eva_config", "megatron_core")
            .harmless("qalora_group_size")
            .only("init_lora_weights", true, false, "gaussian", "orthogonal", "eva")
            .only("bias", "none")
            .off(
                    "fan_in_fan_out",
                    "modules_to_save",
                    "trainable_token_indices",
                    "target_parameters",
                    "layer_replication")
            .off("use_dora", "use_qalora", "use_bdlora", "lora_bias", "alora_invocation_tokens", "ensure_weight_tying")
            .off("megatron_config", "loftq_config", "corda_config", "lora_ga_config", "velora_config")
            .off("monteclora_config", "arrow_config", "kasa_config");

    /** PEFT's default for r and lora_alpha. */
    private static final int DEFAULT = 8;

    private static final Set<ElementFormat> FLOATS =
            EnumSet.of(ElementFormat.F16, ElementFormat.BF16, ElementFormat.F32, ElementFormat.F64);

    private static final ObjectMapper JSON = new ObjectMapper();

    private PeftAdapter() {}

    /**
     * Writes {@code changes} into the existing {@code folder}; sites of rank 0 are omitted.
     *
     * @param baseModel folder of the pre-trained model for PEFT to load
     */
    public static void write(Path folder, Map<Site, LowRankChange> changes, Optional<String> baseModel) {
        Map<Site, LowRankChange> sites = new TreeMap<>(changes);
        sites.values().removeIf(change -> change.rank() == 0);
        List<NamedArray> arrays = new ArrayList<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            sites.forEach((site, change) -> {
                arrays.add(array(
                        PREFIX + module(site) + ".lora_A.weight", change.a().t()));
                arrays.add(array(
                        PREFIX + module(site) + ".lora_B.weight", change.b().t()));
            });
        }
        try {
            Safetensors.write(folder.resolve(WEIGHTS), arrays, Map.of("format", "pt"));
            Files.writeString(folder.resolve(CONFIG), config(sites, baseModel.orElse(null)));
        } catch (IOException e) {
            throw new UncheckedIOException(folder + ": adapter cannot be written: " + e, e);
        }
    }

    private static NamedArray array(String name, Tensor tensor) {
        return NamedArray.of(name, Tensors.shape(tensor), Tensors.floats(tensor));
    }

    /** A module name such as {@code vision_model.encoder.layers.3.self_attn.q_proj}. */
    private static String module(Site site) {
        return TensorNames.HUGGING_FACE.blocks(site.tower()) + site.block() + ".self_attn."
                + TARGETS.get(site.projection().ordinal());
    }

    private static String config(Map<Site, LowRankChange> changes, String baseModel) {
        int rank = changes.values().stream().mapToInt(LowRankChange::rank).max().orElse(1);
        ObjectNode root = JSON.createObjectNode();
        root.put("peft_type", "LORA");
        root.putNull("task_type");
        root.putObject("auto_mapping")
                .put("base_model_class", "CLIPModel")
                .put("parent_library", "transformers.models.clip.modeling_clip");
        root.put("base_model_name_or_path", baseModel);
        root.putNull("revision");
        root.put("inference_mode", true);
        root.put("r", rank);
        root.put("lora_alpha", rank);
        root.put("lora_dropout", 0.0);
        root.put("bias", "none");
        root.put("fan_in_fan_out", false);
        root.put("init_lora_weights", true);
        root.put("use_rslora", false);
        root.put("use_dora", false);
        root.putNull("modules_to_save");
        root.putNull("layers_to_transform");
        root.putNull("layers_pattern");
        TARGETS.forEach(root.putArray("target_modules")::add);
        ObjectNode ranks = root.putObject("rank_pattern");
        ObjectNode alphas = root.putObject("alpha_pattern");
        changes.forEach((site, change) -> {
            if (change.rank() != rank) {
                ranks.put(module(site), change.rank());
                alphas.put(module(site), change.rank());
            }
        });
        return root.toPrettyString() + "\n";
    }

    /**
     * Reads an adapter written by {@link #write} or by PEFT; the caller closes the changes.
     *
     * @throws BadFile when it is not a LoRA adapter of only CLIP's attention projections
     */
    public static Map<Site, LowRankChange> read(Path folder) {
        Path settings = folder.resolve(CONFIG);
        ConfigSection config = config(settings);
        ArraySource weights = ArraySource.open(weightsIn(folder));
        Set<Site> sites = new TreeSet<>();
        weights.names().forEach(name -> sites.add(site(weights.file(), name)));
        PeftTargets targets = new PeftTargets(config);
        sites.forEach(site -> targets.require(module(site), site.block()));
        Map<Site, LowRankChange> changes = new LinkedHashMap<>();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            for (Site site : sites) {
                Tensor a = tensor(weights, PREFIX + module(site) + ".lora_A.weight");
                Tensor b = tensor(weights, PREFIX + module(site) + ".lora_B.weight");
                if (a.dim() != 2 || b.dim() != 2 || a.size(0) != b.size(1) || a.numel() == 0 || b.numel() == 0) {
                    throw new BadFile(
                            weights.file(), "lora_A and lora_B of " + module(site) + " are empty or do not fit");
                }
                double scale = scale(config, module(site), (int) a.size(0));
                changes.put(
                        site,
                        new LowRankChange(
                                Tensors.keep(a.t().contiguous()),
                                Tensors.keep(b.t().mul(new Scalar(scale)).contiguous())));
            }
        }
        return Collections.unmodifiableMap(changes);
    }

    private static Path weightsIn(Path folder) {
        Path pickled = folder.resolve(PICKLED_WEIGHTS);
        return Files.isRegularFile(pickled) && !Files.exists(folder.resolve(WEIGHTS))
                ? pickled
                : folder.resolve(WEIGHTS);
    }

    static ConfigSection config(Path file) {
        ConfigSection config = new ConfigSection(file, "", JsonFile.object(file, "fetch the adapter again"));
        if (!config.has("peft_type")) {
            throw new BadFile(file, "peft_type is missing; only LORA is supported");
        }
        config.check(KEYS);
        return config;
    }

    private static Site site(Path file, String name) {
        Matcher key = KEY.matcher(name);
        if (!key.matches()) {
            throw new BadFile(
                    file,
                    "holds " + name + "; only q_proj, k_proj, v_proj and out_proj of CLIP's layers are supported");
        }
        String projection = key.group(3).equals("out") ? "O" : key.group(3).toUpperCase(Locale.ROOT);
        return new Site(
                Tower.valueOf(key.group(1).toUpperCase(Locale.ROOT)),
                Integer.parseInt(key.group(2)),
                AttentionProjection.valueOf(projection));
    }

    private static Tensor tensor(ArraySource weights, String name) {
        if (!FLOATS.contains(weights.format(name))) {
            throw new BadFile(
                    weights.file(),
                    name + " is of type " + weights.format(name) + "; one of " + FLOATS + " is expected");
        }
        NamedArray array = weights.get(name);
        return Tensors.ofFloats(array.toFloats(), array.shape());
    }

    /**
     * The factor of a module's B · A: lora_alpha / r, or with use_rslora lora_alpha / sqrt(r).
     *
     * @param rank of the module's tensors
     * @throws BadFile when the settings give the module another rank
     */
    static double scale(ConfigSection config, String module, int rank) {
        double expected = setting(config, "r", "rank_pattern", module);
        if (expected != rank) {
            throw new BadFile(
                    config.file(),
                    "r of " + module + " is " + expected + ", but its tensors have rank " + rank
                            + "; fetch the adapter again");
        }
        double alpha = setting(config, "lora_alpha", "alpha_pattern", module);
        return alpha / (config.truth("use_rslora", false) ? Math.sqrt(rank) : rank);
    }

    /**
     * The value of the first key of {@code patterns} that matches the end of the module's name, as in PEFT; else the
     * value of {@code key}.
     */
    private static double setting(ConfigSection config, String key, String patterns, String module) {
        JsonNode value = config.values().path(key).isMissingNode()
                ? JSON.getNodeFactory().numberNode(DEFAULT)
                : config.values().get(key);
        for (Map.Entry<String, JsonNode> pattern : config.object(patterns).properties()) {
            if (ModulePattern.of(config.file(), patterns, pattern.getKey()).matches(module)) {
                value = pattern.getValue();
                break;
            }
        }
        if (!value.isNumber() || value.asDouble() <= 0) {
            throw new BadFile(config.file(), key + " of " + module + " is " + value + "; a number above 0 is expected");
        }
        return value.asDouble();
    }
}
