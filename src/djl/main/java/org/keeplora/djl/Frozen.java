package org.keeplora.djl;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/** For some time only the chosen parameters of a block are trained; closing brings back what was trained before. */
final class Frozen implements AutoCloseable {
    private final List<Parameter> changed = new ArrayList<>();

    private Frozen() {}

    static Frozen allBut(Block block, Predicate<Parameter> trained) {
        Frozen frozen = new Frozen();
        for (Parameter parameter : block.getParameters().values()) {
            if (trained.test(parameter) != parameter.requiresGradient()) {
                parameter.freeze(parameter.requiresGradient());
                frozen.changed.add(parameter);
            }
        }
        return frozen;
    }

    @Override
    public void close() {
        changed.forEach(parameter -> parameter.freeze(parameter.requiresGradient()));
        changed.clear();
    }
}
