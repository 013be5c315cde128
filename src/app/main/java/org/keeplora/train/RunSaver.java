package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.ModelState;
import org.keeplora.store.NamedArray;

/** Saves model, method and results of a run together, and restores all three. */
final class RunSaver implements TrainingLoop.Watch {
    private final ClipModel model;
    private final ContinualMethod method;
    private final RunRecord found;
    private final Checkpoints checkpoints;
    private final ComputeContext context;
    private Optional<OptimizerState.Saved> interrupted = Optional.empty();

    RunSaver(
            ClipModel model, ContinualMethod method, RunRecord found, Checkpoints checkpoints, ComputeContext context) {
        this.model = model;
        this.method = method;
        this.found = found;
        this.checkpoints = Checkpoints.of(context.processGroup(), checkpoints);
        this.context = context;
    }

    /** Restores the last saved state; false if there is none. */
    boolean restore() {
        Optional<Checkpoints.Saved> saved = checkpoints.latest();
        saved.map(Checkpoints.Saved::arrays).ifPresent(arrays -> {
            ModelState.restore(model, arrays);
            method.restore(arrays);
            found.restore(arrays, model.device());
            interrupted = OptimizerState.Saved.in(arrays);
        });
        return saved.isPresent();
    }

    /** Whether the run resumes in the middle of a task's training. */
    boolean inTask() {
        return interrupted.isPresent();
    }

    /**
     * Saves between two tasks.
     *
     * @throws Checkpoints.Stopped when the run is to end here
     */
    void save() {
        context.monitor().times().run("saving", () -> save(List.of()));
        if (StepOutcome.request(context.processGroup(), request()) == Checkpoints.Request.STOP) {
            throw new Checkpoints.Stopped("after " + found.learned() + " tasks");
        }
    }

    private void save(List<NamedArray> training) {
        List<NamedArray> arrays = new ArrayList<>(ModelState.of(model, method.changedWeights()));
        arrays.addAll(method.state());
        arrays.addAll(found.toArrays());
        arrays.addAll(training);
        checkpoints.save(arrays, Map.of("tasks learned", String.valueOf(found.learned())));
    }

    @Override
    public Optional<OptimizerState.Saved> begin() {
        Optional<OptimizerState.Saved> from = interrupted;
        interrupted = Optional.empty();
        return from;
    }

    @Override
    public Checkpoints.Request request() {
        return checkpoints.request();
    }

    /** @throws Checkpoints.Stopped when the run is to end here */
    @Override
    public void stepped(Checkpoints.Request request, Supplier<OptimizerState.Saved> state) {
        if (request != Checkpoints.Request.CONTINUE) {
            OptimizerState.Saved now = state.get();
            save(now.toArrays());
            if (request == Checkpoints.Request.STOP) {
                throw new Checkpoints.Stopped(
                        "in task " + (found.learned() + 1) + ", after " + now.losses().length + " steps");
            }
        }
    }
}
