package org.keeplora.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.InputArchive;
import org.bytedeco.pytorch.LinearImpl;
import org.bytedeco.pytorch.LinearOptions;
import org.bytedeco.pytorch.Module;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OutputArchive;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.StringTensorDict;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class KeepLoraLinearTest {
    private static final int IN = 7;
    private static final int OUT = 4;
    private static final int RANK = 3;
    private static final double SCALE = 0.5;

    private PointerScope tensors;

    @BeforeEach
    void open() {
        Libtorch.load();
        torch.manual_seed(3);
        tensors = new PointerScope();
    }

    @AfterEach
    void close() {
        tensors.close();
    }

    /** A module of two layers, of either kind. */
    private static final class Pair extends Module {
        Pair(LinearImpl up, LinearImpl down) {
            register_module("up", up);
            register_module("down", down);
        }

        static Pair plain() {
            return new Pair(new LinearImpl(IN, OUT), new LinearImpl(withoutBias()));
        }

        static Pair adaptable() {
            return new Pair(new KeepLoraLinear(IN, OUT), new KeepLoraLinear(withoutBias()));
        }
    }

    private static LinearOptions withoutBias() {
        LinearOptions options = new LinearOptions(OUT, IN);
        options.bias().put(false);
        return options;
    }

    private static List<String> names(Module module) {
        List<String> names = new ArrayList<>();
        StringTensorDict parameters = module.named_parameters();
        for (long i = 0; i < parameters.size(); i++) {
            names.add(parameters.get(i).key().getString());
        }
        return names;
    }

    private static void assertSame(Module expected, Module actual) {
        assertEquals(names(expected), names(actual));
        Tensor[] left = expected.parameters().get();
        Tensor[] right = actual.parameters().get();
        for (int i = 0; i < left.length; i++) {
            assertTrue(left[i].equal(right[i]), names(expected).get(i));
        }
    }

    private static void copy(Module from, Module to, Path file) {
        OutputArchive written = new OutputArchive();
        from.save(written);
        written.save_to(file.toString());
        InputArchive read = new InputArchive();
        read.load_from(file.toString());
        to.load(read);
    }

    @Test
    void checkpointsOfLinearAreThoseOfThisLayer(@TempDir Path folder) {
        Pair plain = Pair.plain();
        Pair adaptable = Pair.adaptable();
        copy(plain, adaptable, folder.resolve("plain.pt"));
        assertEquals(List.of("up.weight", "up.bias", "down.weight"), names(adaptable));
        assertSame(plain, adaptable);
        Pair back = Pair.plain();
        copy(adaptable, back, folder.resolve("adaptable.pt"));
        assertSame(plain, back);
    }

    @Test
    void aCheckpointWithinATaskIsThatBeforeIt(@TempDir Path folder) {
        KeepLoraLinear up = new KeepLoraLinear(IN, OUT);
        Pair module = new Pair(up, new KeepLoraLinear(withoutBias()));
        Pair before = Pair.plain();
        copy(module, before, folder.resolve("before.pt"));
        attachTrained(up);
        Pair within = Pair.plain();
        copy(module, within, folder.resolve("within.pt"));
        up.detach();
        assertSame(before, within);
        assertSame(before, module);
    }

    @Test
    void aLayerMadeOfALinearIsThatLinear() {
        LinearImpl linear = new LinearImpl(IN, OUT);
        KeepLoraLinear layer = new KeepLoraLinear(linear);
        layer.forward(input(ScalarType.Float, 2, IN)).sum().backward();
        assertTrue(linear.weight().grad().defined());
        attachTrained(layer);
        layer.merge();
        assertTrue(linear.weight().equal(layer.weight()));
    }

    private static Tensor input(ScalarType type, long... shape) {
        return torch.randn(shape).toType(type);
    }

    private static Tensor attach(KeepLoraLinear layer) {
        Tensor b = torch.randn(RANK, OUT);
        layer.attach(torch.linalg_qr(torch.randn(IN, RANK)).get0(), b, b, SCALE);
        return layer.b();
    }

    private static Tensor attachTrained(KeepLoraLinear layer) {
        Tensor b = attach(layer);
        try (NoGradGuard guard = new NoGradGuard()) {
            return b.add_(torch.randn(RANK, OUT));
        }
    }

    private static KeepLoraLinear layer(ScalarType type) {
        KeepLoraLinear layer = new KeepLoraLinear(IN, OUT);
        layer.to(type, false);
        return layer;
    }

    @ParameterizedTest
    @EnumSource(
            value = ScalarType.class,
            names = {"Float", "Double", "BFloat16", "Half"})
    void anUntrainedAdapterChangesNoBit(ScalarType type) {
        KeepLoraLinear layer = layer(type);
        Tensor weight = layer.weight().detach().clone();
        for (long[] shape : new long[][] {{IN}, {5, IN}, {2, 3, IN}, {0, IN}}) {
            Tensor x = input(type, shape);
            Tensor before = layer.forward(x);
            attach(layer);
            assertTrue(before.equal(layer.forward(x)));
            assertEquals(type, layer.forward(x).scalar_type().intern());
            layer.merge();
            assertTrue(weight.equal(layer.weight()));
            assertTrue(before.equal(layer.forward(x)));
        }
    }

    /** Roundings of sums of {@value #IN} products of size 1 to 10: 100 units in the last place. */
    @ParameterizedTest
    @CsvSource({"Float, 1.2e-5, Float", "Double, 2.3e-14, Double", "BFloat16, 0.8, Float", "Half, 0.1, Float"})
    void aTrainedAdapterIsItsLowRankPathAndStaysAfterMerging(ScalarType type, double tolerance, ScalarType factorType) {
        KeepLoraLinear layer = layer(type);
        Tensor x = input(type, 2, 3, IN);
        Tensor before = layer.forward(x).toType(ScalarType.Double);
        Tensor a = torch.randn(IN, RANK);
        Tensor start = torch.randn(RANK, OUT);
        Tensor trained = torch.randn(RANK, OUT);
        layer.attach(a, start, trained, SCALE);
        assertEquals(factorType, layer.b().scalar_type().intern());
        Tensor change = a.toType(ScalarType.Double)
                .matmul(trained.toType(ScalarType.Double).sub(start))
                .mul(new Scalar(SCALE));
        Tensor expected = before.add(x.toType(ScalarType.Double).matmul(change));
        assertClose(expected, layer.forward(x), tolerance);
        layer.merge();
        assertClose(expected, layer.forward(x), tolerance);
    }

    private static void assertClose(Tensor expected, Tensor actual, double tolerance) {
        double error =
                expected.sub(actual.toType(ScalarType.Double)).abs().max().item_double();
        assertTrue(error <= tolerance, "off by " + error);
    }

    @Test
    void inputsWithGapsAndOnlyBIsTrained() {
        KeepLoraLinear layer = layer(ScalarType.Float);
        layer.weight().requires_grad_(false);
        layer.bias().requires_grad_(false);
        Tensor b = attachTrained(layer);
        Tensor gaps = input(ScalarType.Float, IN, 5, 2).permute(2, 1, 0);
        assertFalse(gaps.is_contiguous());
        Tensor y = layer.forward(gaps);
        assertClose(layer.forward(gaps.contiguous()).toType(ScalarType.Double), y, 1.2e-5);
        y.sum().backward();
        assertTrue(b.grad().defined());
        assertFalse(layer.weight().grad().defined());
    }

    @Test
    void theTapSeesWhatIsRead() {
        KeepLoraLinear layer = layer(ScalarType.Float);
        List<long[]> seen = new ArrayList<>();
        layer.tap(x -> seen.add(Tensors.shape(x)));
        layer.forward(input(ScalarType.Float, 2, 3, IN));
        layer.tap(null);
        layer.forward(input(ScalarType.Float, 1, IN));
        assertEquals(1, seen.size());
        assertArrayEquals(new long[] {2, 3, IN}, seen.get(0));
    }
}
