package org.keeplora.cli;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.ModelState;
import org.keeplora.data.Dataset;
import org.keeplora.data.Item;
import org.keeplora.ranks.Ranks;

/** Finds, before anything is trained, what several ranks were given that differs. */
record SameInputs(Ranks ranks) {
    /** @throws IllegalArgumentException naming what differs and the ranks */
    void require(ClipModel model, List<Dataset> tasks, List<Dataset> probes) {
        if (ranks.size() == 1) {
            return;
        }
        MessageDigest weights = Ranks.digest();
        ModelState.of(model, ModelState.Weights.ALL)
                .forEach(array -> weights.update(array.data().duplicate()));
        ranks.requireSame("the pre-trained model is", weights, "put the same checkpoint on every machine");
        MessageDigest data = Ranks.digest();
        tasks.forEach(task -> add(data, task));
        probes.forEach(probe -> add(data, probe));
        ranks.requireSame("the data are", data, "put the same data sets on every machine");
    }

    /** Classes, prompts, and name and label of every image; not the pixels, which would have to be read twice. */
    private static void add(MessageDigest digest, Dataset dataset) {
        digest.update((dataset.name() + "\n" + dataset.classNames() + "\n" + dataset.prompts() + "\n")
                .getBytes(StandardCharsets.UTF_8));
        for (List<Item> half : List.of(dataset.train(), dataset.test())) {
            half.forEach(item ->
                    digest.update((item.image().id() + "\t" + item.label() + "\n").getBytes(StandardCharsets.UTF_8)));
        }
    }

    static MessageDigest digest(String text) {
        MessageDigest digest = Ranks.digest();
        digest.update(text.getBytes(StandardCharsets.UTF_8));
        return digest;
    }
}
