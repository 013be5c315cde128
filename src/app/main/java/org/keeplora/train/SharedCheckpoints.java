package org.keeplora.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/** The checkpoints of several processes: process 0 has the files, the others get from it what was saved and save nothing. A wish is each process's own. */
final class SharedCheckpoints implements Checkpoints {
    private final Checkpoints own;
    private final ProcessGroup group;

    private SharedCheckpoints(Checkpoints own, ProcessGroup group) {
        this.own = own;
        this.group = group;
    }

    /** {@code own} itself where there is one process. */
    static Checkpoints of(Checkpoints own, ProcessGroup group) {
        return group.size() == 1 ? own : new SharedCheckpoints(own, group);
    }

    @Override
    public Optional<Saved> latest() {
        try {
            Optional<Saved> saved = group.isFirst() ? own.latest() : Optional.empty();
            byte[] file =
                    saved.isPresent() ? Files.readAllBytes(saved.get().arrays().file()) : new byte[0];
            byte[] theirs = group.ofFirst("the saved state", file);
            return group.isFirst() || theirs.length == 0 ? saved : Optional.of(received(theirs));
        } catch (IOException e) {
            throw new UncheckedIOException("the saved state: " + e, e);
        }
    }

    private static Saved received(byte[] state) throws IOException {
        Path file = Files.createTempFile("keeplora-state", ".safetensors");
        file.toFile().deleteOnExit(); // it stays mapped until then
        Files.write(file, state);
        Safetensors arrays = Safetensors.open(file);
        return new Saved(arrays, arrays.metadata());
    }

    @Override
    public void save(List<NamedArray> arrays, Map<String, String> facts) {
        String where = facts.entrySet().stream()
                .map(fact -> fact.getKey() + ": " + fact.getValue())
                .collect(Collectors.joining(", "));
        group.requireSame(
                "model and method (" + where + ") are",
                digest(arrays),
                "machines of one group must be of one kind: the same processor, libraries and number of threads");
        if (group.isFirst()) {
            own.save(arrays, facts);
        }
    }

    private static MessageDigest digest(List<NamedArray> arrays) {
        MessageDigest digest = ProcessGroup.digest();
        arrays.stream().filter(array -> isOfAllRanks(array.name())).forEach(array -> {
            digest.update(array.name().getBytes(StandardCharsets.UTF_8));
            digest.update(array.data().duplicate());
        });
        return digest;
    }

    private static boolean isOfAllRanks(String array) {
        return !RunRecord.isTime(array) && !TrainingPoint.isArchive(array);
    }

    @Override
    public Wish wish() {
        return own.wish();
    }
}
