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
 * What a run was given beside its configuration, so that another process, or the same run on another day, can tell
 * whether it has the same.
 *
 * @param model SHA-256 of the pre-trained model, as {@link #modelDigest} takes it
 * @param data of every task, then of every probe
 */
record RunInputs(String model, List<Data> data) {
    RunInputs {
        Objects.requireNonNull(model, "model is missing");
        data = List.copyOf(data);
    }

    /**
     * A data set.
     *
     * @param tokens SHA-256 of its prompts as the vocabulary tokenizes them
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
                            : Optional.of(items.name() + ": its prompts have other tokens than they had"));
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
     * SHA-256 of what {@code model} computes: its architecture, its images and all weights, whatever file they came
     * from.
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

    /** @throws UserError naming what {@code group} were given that differs, and those to which it was given */
    void requireSameOn(ProcessGroup group) {
        group.requireSame("the pre-trained model is", digest(model), "put the same checkpoint on every machine");
        group.requireSame("the data are", digest(data.toString()), "put the same data sets on every machine");
    }

    static MessageDigest digest(String text) {
        MessageDigest digest = ProcessGroup.digest();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return digest;
    }

    /** In what {@code now}, of the same tasks and probes, differs from this; one text for each thing. */
    List<String> differences(RunInputs now) {
        return Stream.concat(
                        model.equals(now.model)
                                ? Stream.empty()
                                : Stream.of("the checkpoint: its weights or its configuration are not what they were"),
                        differences(now.data, true))
                .toList();
    }

    /** In what {@code now} differs, as far as an evaluation uses it, from the data sets of the same names here. */
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
