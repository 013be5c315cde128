package org.keeplora.engine;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.OptionalInt;

/**
 * The counters of the emulated CUDA, and the failures it is to inject. Shared with it through a file; the README of
 * native/emulated explains the layout.
 */
public final class EmulatedCuda {
    private static final String VARIABLE = "KEEPLORA_EMULATED_CUDA";
    private static final int BYTES = 4096;
    private static final int CALLS = 0;
    private static final int FAIL_AT = 8;
    private static final int LIVE_ALLOCATIONS = 16;
    private static final int LIVE_STREAMS = 32;
    private static final int LIVE_EVENTS = 40;
    private static final int LIVE_HANDLES = 48;
    private static final int VIOLATIONS = 56;
    private static final int FUNCTION = 64;
    private static final int FUNCTION_BYTES = 64;
    private static final int VIOLATION = 128;
    private static final int VIOLATION_BYTES = 256;

    private static final int DEVICES = 512;
    private static final int WAITS = 568;
    private static final int LAUNCHES = 576;

    private final ByteBuffer block;

    private EmulatedCuda(ByteBuffer block) {
        this.block = block;
    }

    /** The control block of this process; the test is skipped if CUDA is not emulated. */
    public static EmulatedCuda open() {
        String file = System.getenv(VARIABLE);
        assumeTrue(file != null, "CUDA is not emulated in this run: " + VARIABLE + " is not set");
        try (FileChannel channel = FileChannel.open(
                Path.of(file), StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            MappedByteBuffer block = channel.map(MapMode.READ_WRITE, 0, BYTES);
            return new EmulatedCuda(block.order(ByteOrder.LITTLE_ENDIAN));
        } catch (IOException e) {
            throw new UncheckedIOException(file, e);
        }
    }

    /** Number of fallible calls of all libraries so far. */
    long calls() {
        return block.getLong(CALLS);
    }

    /**
     * What a piece of work asked of the device.
     *
     * @param calls fallible calls of all libraries
     * @param launches of our own kernels
     * @param waits of the host for work that had not run
     */
    public record Cost(long calls, long launches, long waits) {}

    /** The cost of {@code work}. */
    public Cost costOf(Runnable work) {
        Cost before = cost();
        work.run();
        Cost after = cost();
        return new Cost(after.calls - before.calls, after.launches - before.launches, after.waits - before.waits);
    }

    private Cost cost() {
        return new Cost(calls(), block.getLong(LAUNCHES), block.getLong(WAITS));
    }

    /** Makes the {@code ordinal}-th call from now on, counted from 1, fail. */
    void failAfter(long ordinal) {
        block.putLong(FAIL_AT, calls() + ordinal);
    }

    /** Makes the emulation report {@code count} devices, or one again if empty. */
    void devices(OptionalInt count) {
        block.putLong(DEVICES, count.isPresent() ? count.getAsInt() + 1L : 0);
    }

    /** Device allocations, streams, events and library handles that are open. */
    String live() {
        return block.getLong(LIVE_ALLOCATIONS) + " allocations, " + block.getLong(LIVE_STREAMS) + " streams, "
                + block.getLong(LIVE_EVENTS) + " events, " + block.getLong(LIVE_HANDLES) + " handles";
    }

    /** Number of wrong uses of a library that the real one would not tolerate. */
    long violations() {
        return block.getLong(VIOLATIONS);
    }

    /** The function that failed or was used wrongly last. */
    String lastFunction() {
        return text(FUNCTION, FUNCTION_BYTES);
    }

    /** Description of the last wrong use. */
    String lastViolation() {
        return text(VIOLATION, VIOLATION_BYTES);
    }

    private String text(int offset, int length) {
        byte[] bytes = new byte[length];
        block.get(offset, bytes);
        return new String(bytes, StandardCharsets.UTF_8).split("\0", 2)[0];
    }
}
