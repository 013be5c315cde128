package org.keeplora.engine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.ShortPointer;
import org.keeplora.engine.internal.Addition;
import org.keeplora.engine.internal.Assembly;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.engine.internal.GramUpdate;
import org.keeplora.engine.internal.LowRank;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Product;
import org.keeplora.engine.internal.Projection;
import org.keeplora.engine.internal.Projector;
import org.keeplora.engine.internal.ResourceScope;
import org.keeplora.engine.internal.Spectrum;

/**
 * Runs the operations of {@link BatchLinalg} in turn, on batches of mixed sizes that are created and closed. Reports
 * the matrices left open and the resident memory over time. It is a separate program, so that nothing else is measured;
 * {@link EngineSoakTest} starts it.
 *
 * <p>Arguments: number of operations; bytes of native memory to leak per operation, to test the measurement; threads.
 */
final class EngineSoak {
    static final int SAMPLES = 400;
    private static final int REOPEN_EVERY = 1_000;
    private static final int LARGEST_BATCH = 4;
    private static final int[] SIDES = {0, 1, 2, 7, 16, 31, 48};

    private final Random random = new Random(1);
    private final List<Consumer<ResourceScope>> operations = List.of(
            this::multiply,
            this::projectOut,
            scope -> scope.keep(linalg().complement(tall(scope))),
            this::accumulateGram,
            scope -> scope.keep(linalg().eigh(batch(scope, () -> symmetric(side())))),
            scope -> scope.keep(linalg().svd(any(scope))),
            this::lowRank,
            scope -> linalg().orthonormalize(tall(scope)),
            this::energyRanks,
            this::add,
            scope -> linalg().norms(any(scope)),
            scope -> linalg().largestMagnitudes(any(scope)),
            this::columns,
            this::copies);
    private final int threads;
    private BatchLinalg linalg;

    private EngineSoak(int threads) {
        this.threads = threads;
        this.linalg = BatchLinalg.open(BackendChoice.CPU, threads);
    }

    private BatchLinalg linalg() {
        return linalg;
    }

    private interface Source {
        Matrix make();
    }

    private List<Matrix> batch(ResourceScope scope, Source source) {
        return IntStream.rangeClosed(0, random.nextInt(LARGEST_BATCH))
                .mapToObj(i -> scope.keep(source.make()))
                .toList();
    }

    private int side() {
        return SIDES[random.nextInt(SIDES.length)];
    }

    private Matrix matrix(int rows, int cols) {
        double[] values = random.doubles((long) rows * cols, -1, 1).toArray();
        return Matrix.copyOf(rows, cols, values);
    }

    private Matrix symmetric(int side) {
        Matrix half = matrix(side, side);
        try (Matrix transposed = linalg.transpose(half)) {
            linalg.add(List.of(new Addition(half, 1, transposed)));
            return half;
        }
    }

    private List<Matrix> any(ResourceScope scope) {
        return batch(scope, () -> matrix(side(), side()));
    }

    private List<Matrix> tall(ResourceScope scope) {
        List<Matrix> matrices = batch(scope, () -> {
            int cols = side();
            return matrix(cols + side(), cols);
        });
        linalg.orthonormalize(matrices);
        return matrices;
    }

    private void multiply(ResourceScope scope) {
        linalg.multiply(any(scope).stream()
                .map(left -> {
                    Matrix right = scope.keep(matrix(left.cols(), side()));
                    Matrix target = scope.keep(linalg.zeros(left.rows(), right.cols(), ElementType.F64));
                    return Product.of(target, Operand.of(left), Operand.of(right));
                })
                .toList());
    }

    private void projectOut(ResourceScope scope) {
        linalg.projectOut(tall(scope).stream()
                .map(basis -> new Projection(scope.keep(matrix(basis.rows(), side())), Projector.outOf(basis)))
                .toList());
    }

    private void accumulateGram(ResourceScope scope) {
        int rows = side();
        int in = side();
        ShortPointer halves = new ShortPointer(Math.max(1, (long) rows * in));
        Pointer.memset(halves, 0, 2L * rows * in);
        Matrix samples = Matrix.wrap(rows, in, halves, ElementType.BF16);
        scope.keep(halves);
        scope.keep(samples);
        Matrix single = scope.keep(linalg.convert(scope.keep(matrix(rows, in)), ElementType.F32));
        Matrix gram = scope.keep(linalg.zeros(in, in, ElementType.F64));
        linalg.accumulateGram(List.of(new GramUpdate(gram, samples)));
        linalg.accumulateGram(List.of(new GramUpdate(gram, single)));
        linalg.mirror(List.of(gram));
    }

    private void lowRank(ResourceScope scope) {
        scope.keep(linalg.lowRank(any(scope).stream()
                .map(matrix -> {
                    int rank = Math.min(4, Math.min(matrix.rows(), matrix.cols()));
                    return LowRank.of(matrix, rank, 2 * rank, 2, random.nextLong());
                })
                .toList()));
    }

    private void energyRanks(ResourceScope scope) {
        linalg.energyRanks(batch(scope, () -> Matrix.copyOf(3, 1, new double[] {3, 2, 1})).stream()
                .map(energies -> Spectrum.of(energies, random.nextDouble()))
                .toList());
    }

    private void add(ResourceScope scope) {
        linalg.add(any(scope).stream()
                .map(term -> new Addition(scope.keep(matrix(term.rows(), term.cols())), 0.5, term))
                .toList());
    }

    private void columns(ResourceScope scope) {
        for (Matrix matrix : any(scope)) {
            Matrix half = scope.keep(linalg.columns(matrix, 0, matrix.cols() / 2));
            scope.keep(linalg.assemble(List.of(Assembly.of(matrix.type(), half, matrix)))
                    .get(0));
        }
    }

    private void copies(ResourceScope scope) {
        for (Matrix matrix : any(scope)) {
            Matrix single = scope.keep(linalg.convert(matrix, ElementType.F32));
            Matrix copy = scope.keep(linalg.copyOf(single));
            scope.keep(linalg.wrap(copy.rows(), copy.cols(), copy.floats()));
            scope.keep(linalg.transpose(copy)).toHost().close();
        }
    }

    private List<Sample> run(int count, int lostBytes) throws IOException {
        List<Sample> samples = new ArrayList<>();
        long start = System.nanoTime();
        for (int i = 0; i < count; i++) {
            if (i % REOPEN_EVERY == REOPEN_EVERY - 1) {
                linalg.close();
                linalg = BatchLinalg.open(BackendChoice.CPU, threads);
            }
            try (ResourceScope scope = new ResourceScope()) {
                operations.get(i % operations.size()).accept(scope);
            }
            if (lostBytes > 0) {
                Pointer.memset(Pointer.malloc(lostBytes), 1, lostBytes);
            }
            if (i % Math.max(1, count / SAMPLES) == 0) {
                samples.add(new Sample((System.nanoTime() - start) / 3.6e12, residentMegabytes()));
            }
        }
        linalg.close();
        return samples;
    }

    /** Resident memory at one moment of the run. */
    record Sample(double hours, double megabytes) {}

    private static double residentMegabytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToDouble(line -> Double.parseDouble(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    /** Prints the matrices left open, then a line of hours and MB for every sample. */
    public static void main(String[] arguments) throws IOException {
        long before = Matrix.open();
        EngineSoak soak = new EngineSoak(Integer.parseInt(arguments[2]));
        List<Sample> samples = soak.run(Integer.parseInt(arguments[0]), Integer.parseInt(arguments[1]));
        System.out.println(Matrix.open() - before);
        samples.forEach(sample -> System.out.printf(Locale.ROOT, "%.9f %.3f%n", sample.hours(), sample.megabytes()));
    }
}
