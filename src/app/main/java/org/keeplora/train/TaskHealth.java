package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.keeplora.clip.Site;
import org.keeplora.data.Dataset;
import org.keeplora.data.Item;

/** Warnings about a task that do not stop the run; each is one line with advice. */
final class TaskHealth {
    private static final int NAMED = 5;

    private TaskHealth() {}

    /**
     * Warnings about classes without training images, a single class, and test images that are also training images.
     */
    static List<String> ofData(Dataset task) {
        List<String> lines = new ArrayList<>(withoutImages(task));
        if (task.classNames().size() == 1) {
            lines.add(
                    "task " + task.name() + " has a single class, so every image is classified correctly; add a class");
        }
        Set<String> trained = task.train().stream().map(TaskHealth::image).collect(Collectors.toSet());
        long both = task.test().stream()
                .filter(item -> trained.contains(image(item)))
                .count();
        if (both > 0) {
            lines.add("task " + task.name() + ": " + both + " of " + task.test().size()
                    + " test images are training images too, so the accuracy is too high; take them out of one half");
        }
        return lines;
    }

    /**
     * Identifies an image. Images inside larger files are numbered anew in each half, so the number alone is not
     * enough.
     */
    private static String image(Item item) {
        return item.image().id() + " " + item.image().content();
    }

    private static List<String> withoutImages(Dataset task) {
        Set<Integer> seen = task.train().stream().map(Item::label).collect(Collectors.toSet());
        List<String> empty = IntStream.range(0, task.classNames().size())
                .filter(label -> !seen.contains(label))
                .mapToObj(label -> task.classNames().get(label))
                .toList();
        return empty.isEmpty()
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "task %s: no training image of %d of its %d classes (%s); their prompts are trained only as wrong answers;"
                                + " add images or leave the classes out",
                        task.name(),
                        empty.size(),
                        task.classNames().size(),
                        some(empty)));
    }

    private static String some(List<String> names) {
        List<String> shown = new ArrayList<>(names.subList(0, Math.min(NAMED, names.size())));
        if (shown.size() < names.size()) {
            shown.add("...");
        }
        return String.join(", ", shown);
    }

    /**
     * Warns about sites with too few free directions to learn the next task with adapters of rank {@code rank}.
     *
     * @param ranks protected directions of every site after {@code task}
     * @param widths of the sites' inputs
     */
    static List<String> ofRanks(String task, Map<Site, Integer> ranks, ToIntFunction<Site> widths, int rank) {
        List<String> full = ranks.keySet().stream()
                .filter(site -> widths.applyAsInt(site) - ranks.get(site) < rank)
                .map(Site::toString)
                .toList();
        return full.isEmpty()
                ? List.of()
                : List.of(String.format(
                        Locale.ROOT,
                        "after task %s: %d of %d sites have fewer than %d free directions left (%s); later tasks can hardly learn there;"
                                + " a lower method.feature_energy or method.weight_energy protects fewer",
                        task,
                        full.size(),
                        ranks.size(),
                        rank,
                        some(full)));
    }
}
