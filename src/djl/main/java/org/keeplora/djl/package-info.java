/**
 * KeepLoRA for trainers on the Deep Java Library. A model with {@link org.keeplora.djl.KeepLoraLinear} in place of
 * DJL's {@code Linear} is trained with DJL's {@code Trainer}, task after task, by {@link org.keeplora.djl.DjlLearner}.
 * {@link org.keeplora.djl.DjlMatrix} connects arrays with matrices for a trainer that does more on its own.
 *
 * <p>Imports engine, method (the record of growth) and learner. Needs an engine of DJL at run time, which is the
 * caller's.
 *
 * <p>Decisions: During a task the weight keeps its bits, and the block adds s·(x·A)·(B − B_start). That is the map
 * W − s·A·B_start with the adapter beside it, without a copy of W. So attaching changes no output, a task that fails
 * leaves nothing to undo, and DJL stores the weight as it was before the task. The passes over a task's data are loops
 * over the trainer's batches, not a {@code TrainingListener}: with a listener the caller would have to write the loop,
 * and the trainer's other listeners would count the batches of the pass as training.
 *
 * <p>Cannot be used together with torch: DJL's PyTorch engine brings its own libtorch, and a process can hold only one.
 */
package org.keeplora.djl;
