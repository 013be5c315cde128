package org.keeplora.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.ModelState;
import org.keeplora.clip.Tokenizer;
import org.keeplora.data.Dataset;
import org.keeplora.data.DatasetFingerprint;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.store.UserError;

/**
 * The inputs of a run besides its configuration. Another process, or a resumed run, compares its inputs with these.
 *
 * @param model SHA-256 of the pre-trained model, from {@link #modelDigest}
 * @param data of every task, then of every probe
 */
record RunInputs(String model, List<Data> data) {
    RunInputs {
        Objects.requireNonNull(model, "model is missing");
        data = List.copyOf(data);
    }

    /**
     * The data of one task or probe.
     *
     * @param tokens SHA-256 of its tokenized prompts
     */
    record Data(DatasetFingerprint items, String tokens) {
        Data {
            Objects.requireNonNull(items, "items is missing");
            Objects.requireNonNull(tokens, "tokens is missing");
        }

        private Optional<String> difference(Data now, boolean trained) {
            return (trained ? items.difference(now.items) : items.testDifference(now.items))
                    .or(() -> tokens.equals(now.tokens)
                            ? Optional.empty()
                            : Optional.of(items.name() + ": the tokens of its prompts have changed"));
        }
    }

    /** @param datasets tasks, then probes */
    static RunInputs of(ClipModel model, Tokenizer tokenizer, List<Dataset> datasets) {
        return new RunInputs(modelDigest(model), data(tokenizer, datasets));
    }

    static List<Data> data(Tokenizer tokenizer, List<Dataset> datasets) {
        return datasets.stream()
                .map(dataset -> new Data(DatasetFingerprint.of(dataset), tokens(tokenizer, dataset)))
                .toList();
    }

    /**
     * SHA-256 of everything that decides what {@code model} computes: its architecture, its image transform and all
     * weights. The file format does not matter.
     */
    static String modelDigest(ClipModel model) {
        MessageDigest digest = digest(model.architecture() + "\n" + model.imageTransform());
        ModelState.of(model, ModelState.Weights.ALL)
                .forEach(array -> digest.update(array.data().duplicate()));
        return HexFormat.of().formatHex(digest.digest());
    }

    private static String tokens(Tokenizer tokenizer, Dataset dataset) {
        tokenizer.requireDistinct(dataset.name(), dataset.classNames(), dataset.prompts());
        MessageDigest digest = ProcessGroup.digest();
        dataset.prompts()
                .forEach(prompt ->
                        digest.update(Arrays.toString(tokenizer.ids(prompt)).getBytes(StandardCharsets.UTF_8)));
        return HexFormat.of().formatHex(digest.digest());
    }

    /** @throws UserError naming what differs in {@code group}, and the processes that differ */
    void requireSameOn(ProcessGroup group) {
        group.requireSame("the pre-trained model is", digest(model), "put the same checkpoint on every machine");
        group.requireSame("the data are", digest(data.toString()), "put the same data sets on every machine");
    }

    static MessageDigest digest(String text) {
        MessageDigest digest = ProcessGroup.digest();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return digest;
    }

    /** The differences of {@code now}, with the same tasks and probes, from this; one text each. */
    List<String> differences(RunInputs now) {
        return Stream.concat(
                        model.equals(now.model)
                                ? Stream.empty()
                                : Stream.of("the checkpoint: its weights or its configuration have changed"),
                        differences(now.data, true))
                .toList();
    }

    /** The differences of {@code now} from the data sets of the same names here that matter for an evaluation. */
    List<String> testDifferences(List<Data> now) {
        return differences(now, false).toList();
    }

    private Stream<String> differences(List<Data> now, boolean trained) {
        Map<String, Data> byName = new LinkedHashMap<>();
        data.forEach(one -> byName.put(one.items.name(), one));
        return now.stream()
                .map(one -> Objects.requireNonNullElse(byName.get(one.items.name()), one)
                        .difference(one, trained))
                .flatMap(Optional::stream);
    }
}
