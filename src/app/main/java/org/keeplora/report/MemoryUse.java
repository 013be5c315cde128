package org.keeplora.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * The peak memory of this process in bytes; null when not known.
 *
 * @param resident peak resident set: Java heap, tensors and libraries together; known on Linux
 * @param heap peak of the Java heap: the sum of its pools' peaks, an upper bound of the use at any one time
 */
public record MemoryUse(Long resident, Long heap) {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final String PEAK = "VmHWM:";
    private static final long KILOBYTE = 1024;

    /** The peaks of this process so far. */
    public static MemoryUse now() {
        return new MemoryUse(peakResident(), peakHeap());
    }

    private static Long peakResident() {
        if (!Files.isReadable(STATUS)) {
            return null;
        }
        try {
            return peakResident(Files.readAllLines(STATUS));
        } catch (IOException e) {
            return null; // a kernel that hides the file is treated as one without it
        }
    }

    /** The peak from the lines of {@code /proc/self/status}: "VmHWM:   123456 kB". */
    static Long peakResident(List<String> status) {
        return status.stream()
                .filter(line -> line.startsWith(PEAK))
                .map(line -> Long.parseLong(line.replaceAll("\\D", "")) * KILOBYTE)
                .findFirst()
                .orElse(null);
    }

    private static Long peakHeap() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .map(MemoryPoolMXBean::getPeakUsage)
                .filter(Objects::nonNull)
                .mapToLong(MemoryUsage::getUsed)
                .sum();
    }
}
