package org.keeplora.report;

import com.google.protobuf.CodedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.zip.CRC32C;

/**
 * A run as scalars of TensorBoard. The step is the number of tasks learned; for losses it is the training step:
 * <pre>
 * accuracy/TASK   general/PROBE   ranks/KIND (share of the width, mean over the blocks)     all in percent
 * metrics/transfer, average, last, forgetting     points, at the last step
 * loss/TASK                                       thinned as in {@link LossCurve}
 * </pre>
 *
 * <p>The file is a sequence of TFRecords (length, its masked CRC-32C, bytes, their masked CRC-32C, little-endian), each
 * a message {@code Event {double wall_time = 1; int64 step = 2; string file_version = 3; Summary summary = 5}} of
 * {@code Summary {Value {string tag = 1; float simple_value = 2} value = 1}}; Google's protobuf library encodes the
 * fields.
 */
final class TensorBoardEvents {
    private static final String VERSION = "brain.Event:2";
    private static final int WALL_TIME = 1;
    private static final int STEP = 2;
    private static final int FILE_VERSION = 3;
    private static final int SUMMARY = 5;
    private static final int VALUE = 1;
    private static final int TAG = 1;
    private static final int SIMPLE_VALUE = 2;
    private static final int MASK = 0xa282ead8;
    private static final int ROTATION = 15;
    private static final double PERCENT = 100;

    private final ByteArrayOutputStream file = new ByteArrayOutputStream();
    private final double wallTime;

    /** Writes the fields of a message. */
    private interface Fields {
        void write(CodedOutputStream out) throws IOException;
    }

    private TensorBoardEvents(double wallTime) {
        this.wallTime = wallTime;
    }

    private static long seconds(RunReport run) {
        Instant finished = run.course().finished();
        return finished == null ? 0 : finished.getEpochSecond();
    }

    static String file(RunReport run) {
        return String.format(Locale.ROOT, "tensorboard/events.out.tfevents.%010d.keeplora", seconds(run));
    }

    static byte[] of(RunReport run) {
        TensorBoardEvents events = new TensorBoardEvents(seconds(run));
        events.add(0, out -> out.writeString(FILE_VERSION, VERSION));
        AccuracyTable accuracy = run.tables().accuracy();
        accuracy.zeroShot().ifPresent(row -> events.addRow("accuracy/", accuracy.tasks(), row, 0));
        for (int i = 0; i < accuracy.rows().size(); i++) {
            events.addRow("accuracy/", accuracy.tasks(), accuracy.rows().get(i), i + 1);
        }
        ProbeTable probes = run.tables().probes();
        for (int i = 0; i < probes.rows().size(); i++) {
            events.addRow("general/", probes.probes(), probes.rows().get(i), i);
        }
        events.addRanks(run.tables().ranks());
        ContinualMetrics metrics = run.metrics();
        int last = accuracy.tasks().size();
        events.addScalar("metrics/transfer", last, metrics.transfer().mean());
        events.addScalar("metrics/average", last, metrics.average().mean());
        events.addScalar("metrics/last", last, metrics.last().mean());
        events.addScalar("metrics/forgetting", last, metrics.forgetting().mean());
        for (LossCurve curve : run.course().losses()) {
            curve.points().forEach(point -> events.addScalar("loss/" + curve.task(), point.step(), point.mean()));
        }
        return events.file.toByteArray();
    }

    private void addRow(String group, List<String> names, AccuracyTable.Row row, int step) {
        for (int i = 0; i < names.size(); i++) {
            addScalar(group + names.get(i), step, row.percent().get(i));
        }
    }

    private void addRanks(RankTable table) {
        for (int i = 0; i < table.rows().size(); i++) {
            int step = i;
            table.sharesByKind(table.rows().get(i))
                    .forEach((kind, shares) -> addScalar("ranks/" + kind, step, PERCENT * Metric.mean(shares)));
        }
    }

    /** Undefined values are left out. */
    private void addScalar(String tag, int step, double value) {
        if (Double.isNaN(value)) {
            return;
        }
        byte[] scalar = message(out -> {
            out.writeString(TAG, tag);
            out.writeFloat(SIMPLE_VALUE, (float) value);
        });
        byte[] summary = message(out -> out.writeByteArray(VALUE, scalar));
        add(step, out -> out.writeByteArray(SUMMARY, summary));
    }

    private void add(int step, Fields content) {
        byte[] event = message(out -> {
            out.writeDouble(WALL_TIME, wallTime);
            out.writeInt64(STEP, step);
            content.write(out);
        });
        ByteBuffer length = littleEndian(Long.BYTES).putLong(event.length);
        file.writeBytes(length.array());
        file.writeBytes(maskedChecksum(length.array()));
        file.writeBytes(event);
        file.writeBytes(maskedChecksum(event));
    }

    private static byte[] message(Fields fields) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CodedOutputStream out = CodedOutputStream.newInstance(bytes);
        try {
            fields.write(out);
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("events cannot be encoded: " + e.getMessage(), e);
        }
        return bytes.toByteArray();
    }

    private static byte[] maskedChecksum(byte[] bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        int masked = Integer.rotateRight((int) checksum.getValue(), ROTATION) + MASK;
        return littleEndian(Integer.BYTES).putInt(masked).array();
    }

    private static ByteBuffer littleEndian(int size) {
        return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
    }
}
