package org.keeplora.bench.distributed;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.distributed.C10dProcessGroup;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.distributed.Rendezvous;
import org.keeplora.torch.Tensors;

/**
 * Measures the network between processes: sums of 8 bytes and of 16 MiB, with Gloo. Started once per process, with
 * torchrun's variables. Argument: the file to which process 0 writes a {@link Link}.
 */
public final class LinkTime {
    private static final int SMALL_SHOTS = 300;
    private static final int LARGE_SHOTS = 20;
    private static final int LARGE = 1 << 22;
    private static final int WARM_UP = 5;
    private static final double NANOS = 1e9;

    private LinkTime() {}

    public static void main(String[] arguments) throws IOException {
        Rendezvous place = Rendezvous.of(System.getenv())
                .orElseThrow(() -> new IllegalArgumentException(
                        "RANK is not set; start this program once for each process, with the variables of torchrun"));
        try (ProcessGroup group = C10dProcessGroup.join(place)) {
            double small = seconds(group, 1, SMALL_SHOTS);
            double large = seconds(group, LARGE, LARGE_SHOTS);
            if (group.isFirst()) {
                Results.JSON
                        .writerWithDefaultPrettyPrinter()
                        .writeValue(Path.of(arguments[0]).toFile(), link(group.size(), small, large));
            }
        }
    }

    /** The link, from the median seconds of a sum of one double and of {@value #LARGE} floats. */
    private static Link link(int group, double small, double large) {
        double sent = Link.sentBytes((double) LARGE * Float.BYTES, group);
        return new Link(group + " processes of this machine, Gloo", sent / (large - small), small / (2 * (group - 1)));
    }

    private static double seconds(ProcessGroup group, int floats, int shots) {
        double[] seconds = new double[shots];
        try (PointerScope scope = new PointerScope()) {
            Tensor values = floats == 1 ? Tensors.ofDoubles(1) : Tensors.ofFloats(new float[floats], floats);
            for (int shot = -WARM_UP; shot < shots; shot++) {
                long begin = System.nanoTime();
                group.sum("the link's time", List.of(values));
                if (shot >= 0) {
                    seconds[shot] = (System.nanoTime() - begin) / NANOS;
                }
            }
        }
        return PassTime.median(seconds);
    }
}
