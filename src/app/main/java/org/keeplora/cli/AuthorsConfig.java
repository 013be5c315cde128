package org.keeplora.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * Translates configurations of the authors' MTIL program into our keys. The table in {@code src/site/markdown/mtil.md}
 * gives the meaning of each of their keys.
 *
 * <p>The version of their program, not its configuration, decides which variant it computes. Files whose
 * {@code add_info} begins with {@code keeplora++} are read as preset official-v2, all others as official-v1.
 */
final class AuthorsConfig {
    private static final List<String> MARKS =
            List.of("dataset_root", "model_backbone_name", "v_prin_subspace_threshold");
    private static final Set<String> KNOWN = new TreeSet<>(Set.of(
            "dataset_root",
            "model_backbone_name",
            "prec",
            "input_size",
            "prompt_template",
            "add_info",
            "dataset",
            "seed",
            "eval_only",
            "zero_shot",
            "tasks",
            "v_svd_param_names",
            "v_svd_alphas",
            "t_svd_param_names",
            "t_svd_alphas",
            "optim",
            "v_full_tuning",
            "v_keeplora",
            "v_partial",
            "v_adapter_dim",
            "v_prin_subspace_threshold",
            "v_prin_subspace_threshold2",
            "t_full_tuning",
            "t_keeplora",
            "t_partial",
            "t_adapter_dim",
            "t_prin_subspace_threshold",
            "t_prin_subspace_threshold2",
            "classifier"));
    /** Default of their program for a missing threshold of the weights. */
    private static final double WEIGHT_SHARE = 0.8;
    /** Default of their program for a missing threshold of the features. */
    private static final double FEATURE_SHARE = 0.99;

    private final String source;
    private final ObjectNode theirs;
    private final ObjectNode ours;

    private AuthorsConfig(String source, ObjectNode theirs) {
        this.source = source;
        this.theirs = theirs;
        this.ours = theirs.objectNode();
    }

    static boolean recognises(ObjectNode tree) {
        return MARKS.stream().anyMatch(tree::has);
    }

    /** @throws ConfigProblem naming a key that is not supported */
    static ObjectNode translated(String source, ObjectNode theirs) {
        AuthorsConfig config = new AuthorsConfig(source, theirs);
        config.requireSupported();
        config.translateData();
        config.translateMethod();
        config.translateTraining();
        return config.ours;
    }

    private void requireSupported() {
        theirs.fieldNames()
                .forEachRemaining(key -> ConfigProblem.unless(
                        KNOWN.contains(key),
                        "%s: unknown key '%s'; did you mean '%s'?",
                        source,
                        key,
                        Nearest.of(key, KNOWN)));
        requireOnly("dataset", "MTIL");
        requireOnly("optim.name", "AdamW");
        requireOnly("optim.lr_scheduler", "OneCycleLR");
        requireOnly("classifier", "CosineClassifier");
        for (String unused :
                List.of("prompt_template", "eval_only", "v_full_tuning", "v_partial", "t_full_tuning", "t_partial")) {
            ConfigProblem.unless(
                    isUnset(unused), "%s: %s is %s, which is not supported; leave it out", source, unused, at(unused));
        }
        ConfigProblem.unless(
                isUnset("v_svd_alphas") && isUnset("t_svd_alphas"),
                "%s: v_svd_alphas and t_svd_alphas cut the weights' spectrum; use 'keeplora spectrum' for that",
                source);
        if (!isZeroShot()) {
            requireAllSites("v_keeplora");
            requireAllSites("t_keeplora");
            requireEqual("v_adapter_dim", "t_adapter_dim");
            requireEqual("v_prin_subspace_threshold", "t_prin_subspace_threshold");
        }
    }

    private void requireOnly(String key, String supported) {
        ConfigProblem.unless(
                isUnset(key) || at(key).asText().equals(supported),
                "%s: %s is %s; only %s is supported",
                source,
                key,
                at(key),
                supported);
    }

    private void requireAllSites(String key) {
        Set<String> sites = new TreeSet<>();
        at(key).forEach(site -> sites.add(site.asText()));
        ConfigProblem.unless(
                sites.equals(Set.of("q", "k", "v", "o")),
                "%s: %s is %s; it must list q, k, v and o",
                source,
                key,
                at(key));
    }

    private void requireEqual(String one, String other) {
        ConfigProblem.unless(
                Objects.equals(at(one), at(other)), "%s: %s and %s differ; they must be equal", source, one, other);
    }

    private void translateData() {
        ObjectNode data = ours.putObject("data");
        data.set("root", at("dataset_root"));
        data.set("tasks", at("tasks"));
        String name = isUnset("add_info") ? "authors" : at("add_info").asText();
        ConfigProblem.unlessFolderName(source + ": add_info", name);
        ours.put("output", "runs/" + name);
    }

    private void translateMethod() {
        ObjectNode method = ours.putObject("method");
        method.put("name", isZeroShot() ? "zero-shot" : "keeplora");
        boolean second = at("add_info").asText().startsWith("keeplora++");
        method.put("preset", second ? "official-v2" : "official-v1");
        method.put("head", isUnset("classifier") || isZeroShot() ? "none" : "cosine");
        method.put("alpha", 1);
        if (!isUnset("v_adapter_dim")) {
            method.set("rank", at("v_adapter_dim"));
        }
        method.put("feature_energy", number("v_prin_subspace_threshold", FEATURE_SHARE));
        method.putObject("weight_energy")
                .put("vision", number("v_prin_subspace_threshold2", WEIGHT_SHARE))
                .put("text", number("t_prin_subspace_threshold2", WEIGHT_SHARE));
    }

    private void translateTraining() {
        ObjectNode train = ours.putObject("train");
        if (!isUnset("optim.epoch_list")) {
            train.set("epochs", at("optim.epoch_list"));
        }
        if (!isUnset("optim.batch_size")) {
            train.set("batch_size", at("optim.batch_size"));
        }
        train.put("learning_rate", number("optim.lr", 1e-3));
        train.put("weight_decay", number("optim.weight_decay", 0.01));
        if (!isUnset("seed") && at("seed").asLong() >= 0) {
            train.set("seed", at("seed"));
        }
        train.put("precision", precision());
    }

    /** amp means bfloat16, the type of PyTorch's autocast on a CPU. */
    private String precision() {
        String text = isUnset("prec") ? "fp32" : at("prec").asText();
        return switch (text) {
            case "fp32" -> "float32";
            case "amp" -> "bfloat16";
            case "fp16" -> "float16";
            default -> throw new ConfigProblem(source + ": prec is " + text + "; it must be amp, fp32 or fp16");
        };
    }

    private boolean isZeroShot() {
        JsonNode value = at("zero_shot");
        ConfigProblem.unless(
                value.isMissingNode() || value.isNull() || value.isBoolean(),
                "%s: zero_shot is %s; true or false is expected",
                source,
                value);
        return value.asBoolean();
    }

    /** YAML 1.2 and Python disagree whether 1e-3 is a number; here it is one. */
    private double number(String key, double otherwise) {
        if (isUnset(key)) {
            return otherwise;
        }
        try {
            return at(key).isNumber() ? at(key).asDouble() : Double.parseDouble(at(key).asText());
        } catch (NumberFormatException e) {
            throw new ConfigProblem(source + ": " + key + " is " + at(key) + ", not a number");
        }
    }

    private JsonNode at(String key) {
        JsonNode node = theirs;
        for (String step : key.split("\\.")) {
            node = node.path(step);
        }
        return node;
    }

    private boolean isUnset(String key) {
        JsonNode node = at(key);
        return node.isMissingNode()
                || node.isNull()
                || node.isBoolean() && !node.asBoolean()
                || node.isTextual() && node.asText().isEmpty();
    }
}
