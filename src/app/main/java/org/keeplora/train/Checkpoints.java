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
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/**
 * Where a run writes down how far it has come, so that another process can resume it to the same numbers; nowhere,
 * unless it is implemented.
 */
public interface Checkpoints {
    /** Keeps nothing and wishes nothing. */
    Checkpoints NONE = () -> Wish.GO_ON;

    /** Begins the names of arrays that may differ from process to process; all others are the same on all. */
    String LOCAL = "local/";

    /** The run was asked to stop, and has saved where it is. */
    final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped(String where) {
            super("stopped and saved " + where);
        }
    }

    /** What {@link #save} was given. */
    record Saved(ArraySource arrays, Map<String, String> facts) {}

    /** What was saved last; empty before the first time. */
    default Optional<Saved> latest() {
        return Optional.empty();
    }

    /** Writes down where the run is; called after every task, and between two steps by {@link #wish}. */
    default void save(List<NamedArray> arrays, Map<String, String> facts) {}

    /** What the run is to do after a step. */
    enum Wish {
        /** The next step. */
        GO_ON,
        /** Save in the middle of the task, as so much time has passed, then the next step. */
        SAVE,
        /** Save and end with {@link Stopped}. */
        STOP
    }

    /**
     * Asked in every step and after every task; of several processes each may have its own, and all do what the
     * strongest says.
     */
    Wish wish();

    /**
     * The checkpoints of a group: process 0 has the files, the others get from it what was saved and save nothing. A
     * wish is each process's own.
     */
    static Checkpoints of(ProcessGroup group, Checkpoints own) {
        return group.size() == 1 ? own : new Shared(own, group);
    }

    /** Of several processes. */
    record Shared(Checkpoints own, ProcessGroup group) implements Checkpoints {
        @Override
        public Optional<Saved> latest() {
            try {
                Optional<Saved> saved = group.isFirst() ? own.latest() : Optional.empty();
                byte[] file = saved.isPresent()
                        ? Files.readAllBytes(saved.get().arrays().file())
                        : new byte[0];
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
            arrays.stream().filter(array -> isTheSameEverywhere(array.name())).forEach(array -> {
                digest.update(array.name().getBytes(StandardCharsets.UTF_8));
                digest.update(array.data().duplicate());
            });
            return digest;
        }

        private static boolean isTheSameEverywhere(String array) {
            return !array.startsWith(LOCAL);
        }

        @Override
        public Wish wish() {
            return own.wish();
        }
    }
}
