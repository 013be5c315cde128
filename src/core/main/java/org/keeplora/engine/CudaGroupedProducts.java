package org.keeplora.engine;

import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_N;
import static org.bytedeco.cuda.global.cublas.CUBLAS_OP_T;
import static org.bytedeco.cuda.global.cublas.cublasDgemmGroupedBatched;
import static org.bytedeco.cuda.global.cublas.cublasDgemm_v2;
import static org.bytedeco.cuda.global.cublas.cublasSgemmGroupedBatched;
import static org.bytedeco.cuda.global.cublas.cublasSgemm_v2;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.IntPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.PointerPointer;
import org.keeplora.engine.internal.Operand;
import org.keeplora.engine.internal.Operand.Orientation;
import org.keeplora.engine.internal.Product;

/**
 * Matrix products of any shapes in one call of cuBLAS. Products of one shape form a group.
 *
 * <p>cuBLAS reads memory by columns, so it sees a row-major matrix as its transpose. left · right is computed as rightᵀ
 * · leftᵀ by swapping the operands, without a copy.
 */
final class CudaGroupedProducts {
    private final Cuda cuda;

    CudaGroupedProducts(Cuda cuda) {
        this.cuda = cuda;
    }

    /**
     * The properties that the products of a group share.
     *
     * @param first operand in the order of cuBLAS
     * @param second operand in the order of cuBLAS
     */
    private record Shape(ElementType type, Side first, Side second, Size size, Factors factors) {
        /** How cuBLAS reads an operand. */
        record Side(int transposition, int stride) {
            static Side of(Operand operand) {
                boolean plain = operand.orientation() == Orientation.PLAIN;
                return new Side(
                        plain ? CUBLAS_OP_N : CUBLAS_OP_T, operand.matrix().cols());
            }
        }

        /** Rows and columns as cuBLAS counts them. */
        record Size(int rows, int cols, int inner) {}

        /** target ← alpha·product + beta·target. */
        record Factors(double alpha, double beta) {}

        static Shape of(Product p) {
            return new Shape(
                    p.target().type(),
                    Side.of(p.right()),
                    Side.of(p.left()),
                    new Size(p.target().cols(), p.target().rows(), p.left().cols()),
                    new Factors(p.alpha(), p.beta()));
        }
    }

    /** Multiplies; every dimension of every product must be at least 1. */
    void multiply(List<Product> batch) {
        for (ElementType type : ElementType.values()) {
            Map<Shape, List<Product>> groups = new LinkedHashMap<>();
            batch.stream().filter(p -> p.target().type() == type).forEach(p -> groups.computeIfAbsent(
                            Shape.of(p), s -> new ArrayList<>())
                    .add(p));
            if (groups.size() == 1 && groups.values().iterator().next().size() == 1) {
                groups.forEach((shape, products) -> single(shape, products.get(0)));
            } else if (!groups.isEmpty()) {
                grouped(type, groups);
            }
        }
    }

    private void single(Shape s, Product p) {
        Matrix first = p.right().matrix();
        Matrix second = p.left().matrix();
        if (s.type == ElementType.F32) {
            try (FloatPointer alpha = new FloatPointer(1).put((float) s.factors.alpha());
                    FloatPointer beta = new FloatPointer(1).put((float) s.factors.beta())) {
                Cuda.checkBlas(
                        "cublasSgemm",
                        cublasSgemm_v2(
                                cuda.blas(),
                                s.first.transposition(),
                                s.second.transposition(),
                                s.size.rows(),
                                s.size.cols(),
                                s.size.inner(),
                                alpha,
                                first.floats(),
                                s.first.stride(),
                                second.floats(),
                                s.second.stride(),
                                beta,
                                p.target().floats(),
                                s.size.rows()));
            }
        } else {
            try (DoublePointer alpha = new DoublePointer(1).put(s.factors.alpha());
                    DoublePointer beta = new DoublePointer(1).put(s.factors.beta())) {
                Cuda.checkBlas(
                        "cublasDgemm",
                        cublasDgemm_v2(
                                cuda.blas(),
                                s.first.transposition(),
                                s.second.transposition(),
                                s.size.rows(),
                                s.size.cols(),
                                s.size.inner(),
                                alpha,
                                first.doubles(),
                                s.first.stride(),
                                second.doubles(),
                                s.second.stride(),
                                beta,
                                p.target().doubles(),
                                s.size.rows()));
            }
        }
    }

    private void grouped(ElementType type, Map<Shape, List<Product>> groups) {
        List<Shape> shapes = List.copyOf(groups.keySet());
        List<Product> products = groups.values().stream().flatMap(List::stream).toList();
        try (CudaArray pointers = pointers(products);
                IntPointer first =
                        ints(shapes.stream().map(s -> s.first.transposition()).toList());
                IntPointer second =
                        ints(shapes.stream().map(s -> s.second.transposition()).toList());
                IntPointer rows = ints(shapes.stream().map(s -> s.size.rows()).toList());
                IntPointer cols = ints(shapes.stream().map(s -> s.size.cols()).toList());
                IntPointer inner = ints(shapes.stream().map(s -> s.size.inner()).toList());
                IntPointer firstStride =
                        ints(shapes.stream().map(s -> s.first.stride()).toList());
                IntPointer secondStride =
                        ints(shapes.stream().map(s -> s.second.stride()).toList());
                IntPointer sizes = ints(groups.values().stream().map(List::size).toList())) {
            double[] alphas =
                    shapes.stream().mapToDouble(s -> s.factors.alpha()).toArray();
            double[] betas = shapes.stream().mapToDouble(s -> s.factors.beta()).toArray();
            int n = products.size();
            if (type == ElementType.F32) {
                try (FloatPointer alpha = floats(alphas);
                        FloatPointer beta = floats(betas)) {
                    Cuda.checkBlas(
                            "cublasSgemmGroupedBatched",
                            cublasSgemmGroupedBatched(
                                    cuda.blas(),
                                    first,
                                    second,
                                    rows,
                                    cols,
                                    inner,
                                    alpha,
                                    new PointerPointer<>(pointers.bytes()),
                                    firstStride,
                                    new PointerPointer<>(pointers.pointerTo(n)),
                                    secondStride,
                                    beta,
                                    new PointerPointer<>(pointers.pointerTo(2L * n)),
                                    rows,
                                    shapes.size(),
                                    sizes));
                }
            } else {
                try (DoublePointer alpha = new DoublePointer(alphas);
                        DoublePointer beta = new DoublePointer(betas)) {
                    Cuda.checkBlas(
                            "cublasDgemmGroupedBatched",
                            cublasDgemmGroupedBatched(
                                    cuda.blas(),
                                    first,
                                    second,
                                    rows,
                                    cols,
                                    inner,
                                    alpha,
                                    new PointerPointer<>(pointers.bytes()),
                                    firstStride,
                                    new PointerPointer<>(pointers.pointerTo(n)),
                                    secondStride,
                                    beta,
                                    new PointerPointer<>(pointers.pointerTo(2L * n)),
                                    rows,
                                    shapes.size(),
                                    sizes));
                }
            }
        }
    }

    /** On the device: addresses of all first operands, then of all second ones, then of all targets. */
    private CudaArray pointers(List<Product> products) {
        int n = products.size();
        try (LongPointer addresses = new LongPointer(3L * n)) {
            for (int i = 0; i < n; i++) {
                Product p = products.get(i);
                addresses.put(i, Storage.addressOf(p.right().matrix().address()));
                addresses.put(n + i, Storage.addressOf(p.left().matrix().address()));
                addresses.put(2L * n + i, Storage.addressOf(p.target().address()));
            }
            CudaArray pointers = new CudaArray(cuda, 3L * n * Long.BYTES);
            cuda.upload(pointers.bytes(), addresses, 3L * n * Long.BYTES);
            return pointers;
        }
    }

    private static IntPointer ints(List<Integer> values) {
        return new IntPointer(values.stream().mapToInt(Integer::intValue).toArray());
    }

    private static FloatPointer floats(double[] values) {
        FloatPointer pointer = new FloatPointer(values.length);
        for (int i = 0; i < values.length; i++) {
            pointer.put(i, (float) values[i]);
        }
        return pointer;
    }
}
