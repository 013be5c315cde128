package org.keeplora.djl;

import ai.djl.MalformedModelException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.nn.ParameterList;
import ai.djl.nn.core.Linear;
import ai.djl.training.ParameterStore;
import ai.djl.util.PairList;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * DJL's {@link Linear}, y = x·Wᵀ + b with W [out x in], that a {@link DjlLearner} can adapt. It is built, initialised,
 * stored and loaded as a {@link Linear} is, and its parameters have the same names.
 *
 * <p>During a task y = x·Wᵀ + b + s·(x·A)·(B − B_start). This is the method's map W − s·(A·B_start)ᵀ with an adapter
 * s·(x·A)·B beside it, with W left as it was. B is then a parameter of the block, but it is not stored with the others:
 * {@link DjlLearner#save} stores it.
 */
public final class KeepLoraLinear extends Linear {
    /** Name of B among the block's parameters during a task. */
    static final String TRAINED = "keepLoraB";

    private final Parameter weight;
    private LinearAdapter adapter;
    private Consumer<NDArray> reader = x -> {};

    private KeepLoraLinear(Linear.Builder builder) {
        super(builder);
        this.weight = parameters.get("weight");
    }

    /** As {@link Linear#builder()}. */
    public static Builder builder() {
        return new Builder();
    }

    /** As {@link Linear.Builder}. */
    public static final class Builder extends Linear.Builder {
        private Builder() {}

        @Override
        public Builder setUnits(long units) {
            super.setUnits(units);
            return this;
        }

        @Override
        public Builder optBias(boolean bias) {
            super.optBias(bias);
            return this;
        }

        @Override
        public KeepLoraLinear build() {
            if (units <= 0) {
                throw new IllegalArgumentException("KeepLoraLinear: units is " + units + "; it must be at least 1");
            }
            return new KeepLoraLinear(this);
        }
    }

    /** The same map as {@code linear}. If that is initialised, both blocks use the same arrays. */
    public static KeepLoraLinear of(Linear linear) {
        ParameterList given = linear.getDirectParameters();
        long units = linear.getOutputShapes(new Shape[] {new Shape(1, 1)})[0].get(1);
        KeepLoraLinear same =
                builder().setUnits(units).optBias(given.contains("bias")).build();
        same.parameters.forEach((name, parameter) -> {
            Parameter its = given.get(name);
            parameter.setInitializer(its.getInitializer());
            if (its.isInitialized()) {
                parameter.setArray(its.getArray());
            }
            parameter.freeze(!its.requiresGradient());
        });
        if (linear.isInitialized()) {
            Shape samples = linear.describeInput().get(0).getValue();
            same.beforeInitialize(samples.add(same.weight.getShape().get(1)));
        }
        return same;
    }

    /** W [out x in]. */
    Parameter weight() {
        return weight;
    }

    /** Gives every input [.. x in] to {@code reader} from now on. */
    void readInputs(Consumer<NDArray> reader) {
        this.reader = reader;
    }

    void stopReadingInputs() {
        reader = x -> {};
    }

    /** Adds {@code adapter}, which belongs to this block from now on. */
    void attach(LinearAdapter adapter) {
        this.adapter = adapter;
    }

    /** Removes and closes the adapter, if there is one; W is as before. */
    void detach() {
        if (adapter != null) {
            adapter.close();
            adapter = null;
        }
    }

    /** W ← W + s·(A·(B − B_start))ᵀ, without the adapter from then on. An untrained adapter changes no bit. */
    void merge() {
        if (adapter != null) {
            NDArray live = weight.getArray();
            try (NDManager scratch = live.getManager().newSubManager()) {
                live.addi(adapter.change(scratch));
            }
            detach();
        }
    }

    @Override
    protected NDList forwardInternal(
            ParameterStore parameterStore, NDList inputs, boolean training, PairList<String, Object> params) {
        NDArray x = inputs.singletonOrThrow();
        reader.accept(x);
        NDList y = super.forwardInternal(parameterStore, inputs, training, params);
        return adapter == null ? y : new NDList(y.singletonOrThrow().add(adapter.forward(parameterStore, x, training)));
    }

    /** Weight and bias; during a task also B. */
    @Override
    public ParameterList getDirectParameters() {
        ParameterList all = super.getDirectParameters();
        if (adapter != null) {
            all.add(TRAINED, adapter.b());
        }
        return all;
    }

    /** Stores weight and bias as {@link Linear} does; during a task those of its beginning. */
    @Override
    public void saveParameters(DataOutputStream os) throws IOException {
        os.write(version);
        saveMetadata(os);
        for (Parameter parameter : parameters.values()) {
            parameter.save(os);
        }
    }

    /**
     * Loads weight and bias as {@link Linear} does.
     *
     * @throws IllegalStateException during a task
     */
    @Override
    public void loadParameters(NDManager manager, DataInputStream is) throws IOException, MalformedModelException {
        if (adapter != null) {
            throw new IllegalStateException(
                    "KeepLoraLinear.loadParameters: an adapter is attached; merge or close the task first");
        }
        super.loadParameters(manager, is);
    }
}
