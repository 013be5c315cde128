package org.keeplora.djl;

import ai.djl.nn.Block;
import ai.djl.nn.Parameter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;

/** For some time only the chosen parameters of a block are trained; closing brings back what was trained before. */
final class Frozen implements AutoCloseable {
    /** Whether each changed parameter was trained before. */
    private final Map<Parameter, Boolean> before = new LinkedHashMap<>();

    private Frozen() {}

    static Frozen allBut(Block block, Predicate<Parameter> trained) {
        Frozen frozen = new Frozen();
        for (Parameter parameter : block.getParameters().values()) {
            boolean wasTrained = parameter.requiresGradient();
            if (trained.test(parameter) != wasTrained) {
                frozen.before.put(parameter, wasTrained);
                parameter.freeze(wasTrained);
            }
        }
        return frozen;
    }

    @Override
    public void close() {
        before.forEach((parameter, wasTrained) -> parameter.freeze(!wasTrained));
        before.clear();
    }
}
