package org.keeplora.djl;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Block;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Without a task a KeepLoraLinear is a Linear of DJL, to the bit. */
final class KeepLoraLinearTest {
    private static final int IN = 7;
    private static final int UNITS = 5;

    private final NDManager manager = NDManager.newBaseManager();

    @AfterEach
    void close() {
        manager.close();
    }

    private Linear linear(boolean bias) {
        Linear linear = Linear.builder().setUnits(UNITS).optBias(bias).build();
        linear.initialize(manager, DataType.FLOAT32, new Shape(3, IN));
        linear.getDirectParameters()
                .values()
                .forEach(parameter -> parameter.getArray().addi(0.5f));
        return linear;
    }

    private static KeepLoraLinear empty(boolean bias) {
        return KeepLoraLinear.builder().setUnits(UNITS).optBias(bias).build();
    }

    private float[] answers(Block block) {
        ParameterStore parameters = new ParameterStore(manager, false);
        NDList tokens = new NDList(manager.create(TwoLayers.inputs(1), new Shape(2, 6, IN)));
        return block.forward(parameters, tokens, false).singletonOrThrow().toFloatArray();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void parametersOfALinearAreLoadedAndStoredBack(boolean bias) throws Exception {
        Linear linear = linear(bias);
        KeepLoraLinear ours = empty(bias);
        TwoLayers.load(TwoLayers.saved(linear), ours, manager);
        assertEquals(
                linear.getDirectParameters().keys(), ours.getDirectParameters().keys());
        assertArrayEquals(TwoLayers.saved(linear), TwoLayers.saved(ours));
        assertArrayEquals(answers(linear), answers(ours));

        Linear back = Linear.builder().setUnits(UNITS).optBias(bias).build();
        TwoLayers.load(TwoLayers.saved(ours), back, manager);
        assertArrayEquals(answers(linear), answers(back));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void madeFromALinearItUsesItsArrays(boolean bias) throws Exception {
        Linear linear = linear(bias);
        linear.freezeParameters(true);
        for (Block given : List.of(linear, loaded(linear, bias))) {
            KeepLoraLinear ours = KeepLoraLinear.of((Linear) given);
            assertSame(
                    given.getDirectParameters().get("weight").getArray(),
                    ours.weight().getArray());
            assertEquals(
                    given.getDirectParameters().get("weight").requiresGradient(),
                    ours.weight().requiresGradient());
            assertArrayEquals(TwoLayers.saved(given), TwoLayers.saved(ours));
            assertArrayEquals(answers(given), answers(ours));
        }
    }

    /** A Linear whose parameters come from a file. */
    private Linear loaded(Linear linear, boolean bias) throws Exception {
        Linear loaded = Linear.builder().setUnits(UNITS).optBias(bias).build();
        TwoLayers.load(TwoLayers.saved(linear), loaded, manager);
        return loaded;
    }

    @Test
    void madeFromALinearWithoutWeightsItIsInitialisedLater() {
        KeepLoraLinear ours = KeepLoraLinear.of(
                Linear.builder().setUnits(UNITS).optBias(false).build());
        assertFalse(ours.isInitialized());
        ours.initialize(manager, DataType.FLOAT32, new Shape(3, IN));
        assertEquals(new Shape(UNITS, IN), ours.weight().getArray().getShape());
        assertEquals(List.of("weight"), ours.getDirectParameters().keys());
    }

    @Test
    void unitsAreRequired() {
        KeepLoraLinear.Builder builder = KeepLoraLinear.builder();
        assertEquals(
                "KeepLoraLinear: units is 0; it must be at least 1",
                assertThrows(IllegalArgumentException.class, builder::build).getMessage());
    }
}
