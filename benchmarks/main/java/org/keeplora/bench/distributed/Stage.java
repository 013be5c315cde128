package org.keeplora.bench.distributed;

/** Stages of a task, named as in metrics.json, in their order. */
enum Stage {
    DECODING("decoding"),
    GRADIENT("gradient"),
    ADAPTER_START("adapter start"),
    CLASS_MEANS("class means"),
    TRAINING("training"),
    FEATURES("features"),
    BASIS_GROWTH("basis growth"),
    EVALUATION("evaluation"),
    SAVING("saving");

    private final String title;

    Stage(String title) {
        this.title = title;
    }

    @Override
    public String toString() {
        return title;
    }
}
