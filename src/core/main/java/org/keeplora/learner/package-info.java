/**
 * Continual learning in a trainer of yours: one object for the life of all tasks.
 *
 * <pre>{@code
 * try (ContinualLearner learner = ContinualLearner.builder()
 *         .site("ffn.up", 512, 2048)                              // name, in, out of a linear map
 *         .site("ffn.down", 2048, 512)
 *         .rank(16).weightEnergy(0.6).featureEnergy(0.99).build()) {
 *     learner.protectWeights(name -> Values.of(model.weight(name)));
 *     for (Task task : tasks) {
 *         try (Gradients gradients = learner.gradients()) {       // a pass over the task, nothing adapted
 *             task.batches().forEach(batch -> model.backward(batch, gradients::add));
 *             try (TaskAdapters adapters = learner.begin(gradients)) {
 *                 model.attach(adapters);                         // W ← W − s·A·B; y = x·W + s·(x·A)·B
 *                 model.train(task);                              // only B changes
 *                 model.merge(adapters);                          // W ← W + s·A·B
 *             }
 *         }
 *         try (Inputs inputs = learner.inputs()) {                // a pass with the merged network
 *             task.batches().forEach(batch -> model.forward(batch, inputs::add));
 *             learner.end(inputs);
 *         }
 *         learner.save(file);
 *     }
 * }
 * }</pre>
 *
 * <p>The scale is s = alpha / r, and alpha is r unless given. A higher share of energy forgets less and leaves less
 * room to learn. For CLIP the defaults of this project are weightEnergy 0.6 for images and 0.2 for text, and
 * featureEnergy 0.99. Widths are free; squareness is assumed nowhere.
 *
 * <p>Who creates closes: the learner, and what {@code gradients}, {@code begin} and {@code inputs} return. {@code
 * begin} and {@code end} close what they use up, and the learner what is still open. Arrays stay the caller's.
 *
 * <p>Threads: every method of {@link org.keeplora.learner.ContinualLearner} may be called by any thread; they wait for
 * each other. {@link org.keeplora.learner.Gradients} and {@link org.keeplora.learner.Inputs} take terms from several
 * threads at once.
 *
 * <p>Imports engine and method.
 */
package org.keeplora.learner;
