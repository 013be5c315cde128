package org.keeplora.learner;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.keeplora.engine.internal.ResourceScope;

/** What a learner has handed out: the gradients and the inputs being collected, and the adapters being trained. */
final class OpenPasses implements AutoCloseable {
    private Gradients gradients;
    private TaskAdapters adapters;
    private Inputs inputs;

    /** Those being collected, or new ones. */
    Gradients gradients(Supplier<Gradients> fresh) {
        gradients = gradients != null && gradients.isOpen() ? gradients : fresh.get();
        return gradients;
    }

    /** Those being collected, or new ones. */
    Inputs inputs(Supplier<Inputs> fresh) {
        inputs = inputs != null && inputs.isOpen() ? inputs : fresh.get();
        return inputs;
    }

    boolean isNewest(ArraySink sink) {
        return sink != null && (sink == gradients || sink == inputs);
    }

    /** Adapters in place of those before, which are closed; null for none. */
    TaskAdapters put(TaskAdapters next) {
        adapters().ifPresent(TaskAdapters::close);
        adapters = next;
        return next;
    }

    /** The last adapters, if they are not closed. */
    Optional<TaskAdapters> adapters() {
        return Optional.ofNullable(adapters).filter(TaskAdapters::isOpen);
    }

    /** Gives the open sinks by their kind to {@code reading}; nobody adds meanwhile. */
    void alone(Consumer<Map<String, ArraySink>> reading) {
        Map<String, ArraySink> open = new LinkedHashMap<>();
        if (gradients != null && gradients.isOpen()) {
            open.put(LearnerFile.GRADIENT, gradients);
        }
        if (inputs != null && inputs.isOpen()) {
            open.put(LearnerFile.MOMENT, inputs);
        }
        alone(List.copyOf(open.values()), () -> reading.accept(open));
    }

    private static void alone(List<ArraySink> sinks, Runnable reading) {
        if (sinks.isEmpty()) {
            reading.run();
        } else {
            sinks.get(0).alone(() -> {
                alone(sinks.subList(1, sinks.size()), reading);
                return null;
            });
        }
    }

    /** Closes all that is open. */
    @Override
    public void close() {
        try (ResourceScope scope = new ResourceScope()) {
            Stream.of(gradients, adapters, inputs).filter(Objects::nonNull).forEach(scope::keep);
        }
    }
}
