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
import org.keeplora.store.BadFile;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/**
 * Where a run saves its state so that another process can resume it and reach the same numbers. The default methods
 * save nothing.
 */
public interface Checkpoints {
    /** Saves nothing and requests nothing. */
    Checkpoints NONE = () -> Request.CONTINUE;

    /**
     * Prefix of the names of arrays that may differ between processes. All other arrays are the same on every process.
     */
    String LOCAL = "local/";

    /** The run was asked to stop and has saved its state. */
    final class Stopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        Stopped(String where) {
            super("stopped and saved " + where);
        }
    }

    /** The arguments of a {@link #save}. */
    record Saved(ArraySource arrays, Map<String, String> facts) {}

    /** The last saved state; empty before the first save. */
    default Optional<Saved> latest() {
        return Optional.empty();
    }

    /** Saves the state of the run. Called after every task, and between two steps if {@link #request} requests it. */
    default void save(List<NamedArray> arrays, Map<String, String> facts) {}

    /**
     * The array {@code name} of a saved state.
     *
     * @throws BadFile if there is none, because other versions use other names
     */
    static NamedArray array(ArraySource state, String name) {
        if (!state.names().contains(name)) {
            throw new BadFile(
                    state.file(),
                    "has no " + name + ": another version saved it; resume with that version, or start again");
        }
        return state.get(name);
    }

    /** What a process requests after a step. */
    enum Request {
        /** Continue with the next step. */
        CONTINUE,
        /** Save in the middle of the task because the save interval has passed, then continue. */
        SAVE,
        /** Save, then end with {@link Stopped}. */
        STOP
    }

    /**
     * The request of this process, asked for in every step and after every task. Each process of a group has its own;
     * all follow the strongest one.
     */
    Request request();

    /**
     * The checkpoints of a process group. Process 0 owns the files and sends the saved state to the others, which save
     * nothing. Each process has its own requests.
     */
    static Checkpoints of(ProcessGroup group, Checkpoints own) {
        return group.size() == 1 ? own : new Shared(own, group);
    }

    /** The checkpoints of one process of a group. */
    record Shared(Checkpoints own, ProcessGroup group) implements Checkpoints {
        @Override
        public Optional<Saved> latest() {
            try {
                Optional<Saved> saved = group.isFirst() ? own.latest() : Optional.empty();
                byte[] file = saved.isPresent()
                        ? Files.readAllBytes(saved.get().arrays().file())
                        : new byte[0];
                byte[] theirs = group.broadcast("the saved state", file);
                return group.isFirst() || theirs.length == 0 ? saved : Optional.of(received(theirs));
            } catch (IOException e) {
                throw new UncheckedIOException("the saved state: " + e, e);
            }
        }

        private static Saved received(byte[] state) throws IOException {
            Path file = Files.createTempFile("keeplora-state", ".safetensors");
            file.toFile().deleteOnExit(); // the file stays mapped until the process ends
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
        public Request request() {
            return own.request();
        }
    }
}
