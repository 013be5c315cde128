package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.ModelState;
import org.keeplora.distributed.ProcessGroup;
import org.keeplora.store.NamedArray;

/** Writes down a run, model, method and memory together, and brings all three back to where they were. */
final class RunSaver implements TrainingWatch {
    private final ClipModel model;
    private final ModelState.Weights changed;
    private final ContinualMethod method;
    private final RunRecord memory;
    private final Checkpoints checkpoints;
    private final ProcessGroup group;
    private Optional<TrainingPoint> interrupted = Optional.empty();

    RunSaver(
            ClipModel model,
            ModelState.Weights changed,
            ContinualMethod method,
            RunRecord memory,
            Checkpoints checkpoints,
            ProcessGroup group) {
        this.model = model;
        this.changed = changed;
        this.method = method;
        this.memory = memory;
        this.checkpoints = SharedCheckpoints.of(checkpoints, group);
        this.group = group;
    }

    /** Goes back to what was saved last; false where nothing was. */
    boolean restore() {
        Optional<Checkpoints.Saved> saved = checkpoints.latest();
        saved.map(Checkpoints.Saved::arrays).ifPresent(arrays -> {
            ModelState.restore(model, arrays);
            method.restore(arrays);
            memory.restore(arrays, model.device());
            interrupted = TrainingPoint.in(arrays);
        });
        return saved.isPresent();
    }

    /** Whether the run goes on in the middle of a task's training. */
    boolean inTask() {
        return interrupted.isPresent();
    }

    /**
     * Saves between two tasks.
     *
     * @throws RunStopped when the run is to end here
     */
    void save() {
        save(List.of());
        if (StepOutcome.wish(group, wish()) == Checkpoints.Wish.STOP) {
            throw new RunStopped("after " + memory.learned() + " tasks");
        }
    }

    private void save(List<NamedArray> training) {
        List<NamedArray> arrays = new ArrayList<>(ModelState.of(model, changed));
        arrays.addAll(method.state());
        arrays.addAll(memory.toArrays());
        arrays.addAll(training);
        checkpoints.save(arrays, Map.of("tasks learned", String.valueOf(memory.learned())));
    }

    @Override
    public Optional<TrainingPoint> begin() {
        Optional<TrainingPoint> from = interrupted;
        interrupted = Optional.empty();
        return from;
    }

    @Override
    public Checkpoints.Wish wish() {
        return checkpoints.wish();
    }

    /** @throws RunStopped when the run is to end here */
    @Override
    public void stepped(Checkpoints.Wish wish, Supplier<TrainingPoint> point) {
        if (wish != Checkpoints.Wish.GO_ON) {
            TrainingPoint now = point.get();
            save(now.toArrays());
            if (wish == Checkpoints.Wish.STOP) {
                throw new RunStopped("in task " + (memory.learned() + 1) + ", after " + now.losses().length + " steps");
            }
        }
    }
}
