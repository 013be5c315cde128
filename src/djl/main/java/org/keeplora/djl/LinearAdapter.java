package org.keeplora.djl;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.nn.Parameter;
import ai.djl.training.ParameterStore;
import org.keeplora.engine.Matrix;
import org.keeplora.learner.SiteAdapter;

/** A {@link SiteAdapter} in DJL's arrays: s·(x·A)·(B − B_start), of which B is trained. */
final class LinearAdapter implements AutoCloseable {
    private final SiteAdapter start;
    private final NDManager manager;
    private final Parameter a;
    private final Parameter b;
    private final Parameter startB;

    private LinearAdapter(SiteAdapter start, NDManager manager) {
        this.start = start;
        this.manager = manager;
        this.a = parameter("keepLoraA", start.a());
        this.b = parameter(KeepLoraLinear.TRAINED, start.b());
        this.startB = parameter("keepLoraStartB", start.startB());
        b.freeze(false);
    }

    /** Copies of the factors of {@code start}, in a manager below {@code parent}. */
    static LinearAdapter of(SiteAdapter start, NDManager parent) {
        NDManager manager = parent.newSubManager();
        try {
            return new LinearAdapter(start, manager);
        } catch (RuntimeException | Error e) {
            manager.close();
            throw e;
        }
    }

    private Parameter parameter(String name, Matrix values) {
        return Parameter.builder()
                .setName(name)
                .setType(Parameter.Type.OTHER)
                .optShape(new Shape(values.rows(), values.cols()))
                .optArray(manager.create(values.toFloats(), new Shape(values.rows(), values.cols())))
                .optRequiresGrad(false)
                .build();
    }

    /** B [r x out]. */
    Parameter b() {
        return b;
    }

    /** s·(x·A)·(B − B_start) [.. x out] for x [.. x in]; belongs to the manager of x. */
    NDArray forward(ParameterStore parameters, NDArray x, boolean training) {
        NDArray onDeviceA = parameters.getValue(a, x.getDevice(), training);
        NDArray onDeviceB = parameters.getValue(b, x.getDevice(), training);
        NDArray learned = onDeviceB.sub(parameters.getValue(startB, x.getDevice(), training));
        learned.attach(x.getManager()); // DJL gave it to B's manager, where it would stay until the task ends
        return x.matMul(onDeviceA).matMul(learned.mul(start.scale()));
    }

    /** s·(A·(B − B_start))ᵀ [out x in], in {@code scratch}. */
    NDArray change(NDManager scratch) {
        b.freeze(true);
        NDArray learned = b.getArray().sub(startB.getArray());
        learned.attach(scratch);
        NDArray change = a.getArray().matMul(learned.mul(start.scale()));
        change.attach(scratch);
        return change.transpose();
    }

    /**
     * Gives the trained B to the learner's adapter.
     *
     * @throws IllegalArgumentException naming the site if it is not finite
     */
    void synchronise() {
        try (NDManager scratch = manager.newSubManager()) {
            start.trained(DjlMatrix.values(b.getArray(), scratch));
        }
    }

    /** A trainer may still know the parameters; it skips those that are frozen. */
    @Override
    public void close() {
        b.freeze(true);
        manager.close();
    }
}
