package org.keeplora.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.google.protobuf.CodedInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.Test;

/** The file, read as TensorBoard does: checksums, messages, fields. */
class TensorBoardEventsTest {
    private static final int TYPE_BITS = 3;

    /**
     * CRC32C of "123456789" is 0xE3069283 (RFC 3720); masked as TFRecord's reference does: rotated right by 15, plus a
     * constant.
     */
    private static int masked(ByteBuffer bytes) {
        CRC32C checksum = new CRC32C();
        checksum.update(bytes);
        long value = checksum.getValue();
        return (int) (((value >>> 15) | (value << 17)) + 0xa282ead8L);
    }

    private static List<byte[]> records(byte[] file) {
        ByteBuffer bytes = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
        List<byte[]> records = new ArrayList<>();
        while (bytes.hasRemaining()) {
            int checksum = masked(bytes.slice(bytes.position(), Long.BYTES));
            byte[] record = new byte[(int) bytes.getLong()];
            assertEquals(checksum, bytes.getInt(), "checksum of a length");
            bytes.get(record);
            assertEquals(masked(ByteBuffer.wrap(record)), bytes.getInt(), "checksum of a record");
            records.add(record);
        }
        return records;
    }

    /** Fields of a message by number: 64-bit and 32-bit floats, integers, bytes. */
    private static Map<Integer, Object> fields(byte[] message) throws IOException {
        CodedInputStream in = CodedInputStream.newInstance(message);
        Map<Integer, Object> fields = new LinkedHashMap<>();
        for (int tag = in.readTag(); tag != 0; tag = in.readTag()) {
            Object value =
                    switch (tag & 7) {
                        case 0 -> in.readInt64();
                        case 1 -> in.readDouble();
                        case 2 -> in.readByteArray();
                        case 5 -> in.readFloat();
                        default -> throw new IOException("wire type " + (tag & 7));
                    };
            assertNull(fields.put(tag >> TYPE_BITS, value), "field " + (tag >> TYPE_BITS) + " twice");
        }
        return fields;
    }

    @Test
    void everyScalarIsReadBack() throws IOException {
        RunReport run = RunReportTest.sample();
        List<byte[]> records = records(run.tensorBoard());
        Map<Integer, Object> first = fields(records.get(0));
        assertEquals("brain.Event:2", new String((byte[]) first.get(3), StandardCharsets.UTF_8));
        Map<String, Float> scalars = new LinkedHashMap<>();
        for (byte[] record : records.subList(1, records.size())) {
            Map<Integer, Object> event = fields(record);
            assertEquals(run.course().finished().getEpochSecond(), (double) event.get(1), "wall time");
            Map<Integer, Object> value =
                    fields((byte[]) fields((byte[]) event.get(5)).get(1));
            scalars.put(new String((byte[]) value.get(1), StandardCharsets.UTF_8) + "@" + event.get(2), (float)
                    value.get(2));
        }
        assertEquals("""
                accuracy/EuroSAT@0 accuracy/MNIST@0 accuracy/EuroSAT@1 accuracy/MNIST@1 accuracy/EuroSAT@2 accuracy/MNIST@2 \
                general/general-probe@0 general/general-probe@1 general/general-probe@2 \
                ranks/vision.q@0 ranks/vision.o@0 ranks/vision.q@1 ranks/vision.o@1 ranks/vision.q@2 ranks/vision.o@2 \
                metrics/transfer@2 metrics/average@2 metrics/last@2 metrics/forgetting@2 \
                loss/EuroSAT@1 loss/EuroSAT@2 loss/EuroSAT@3 loss/MNIST@1""", String.join(" ", scalars.keySet()), "a loss that is no number is left out");
        assertEquals(72.5f, scalars.get("accuracy/MNIST@2"));
        assertEquals(100f * (47 + 72) / 2 / 128, scalars.get("ranks/vision.q@2"), 1e-4);
        assertEquals((float) run.metrics().forgetting().mean(), scalars.get("metrics/forgetting@2"));
        assertEquals(0.333333f, scalars.get("loss/EuroSAT@2"), 1e-6);
    }

    @Test
    void theChecksumIsThatOfTheStandard() {
        CRC32C checksum = new CRC32C();
        checksum.update("123456789".getBytes(StandardCharsets.UTF_8));
        assertEquals(0xE3069283L, checksum.getValue());
        assertEquals(
                "tensorboard/events.out.tfevents.1772600767.keeplora",
                RunReportTest.sample().tensorBoardFile());
    }
}
