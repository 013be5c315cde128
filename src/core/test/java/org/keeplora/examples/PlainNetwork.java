package org.keeplora.examples;

import java.util.List;

/** An external trainer in plain Java: two layers, softmax cross-entropy, gradient descent over all samples at once. */
final class PlainNetwork {
    private static final int STEPS = 200;
    private static final float RATE = 1;

    /** y = x·(W + A·B). Trains W without an adapter, only B with one. */
    static final class Layer {
        float[][] weight;
        float[][] a;
        float[][] b;

        private Layer(float[][] weight) {
            this.weight = weight;
        }

        /** Adds A·B to the map; only B is trained from now on. */
        void attach(float[][] a, float[][] b) {
            this.a = a;
            this.b = b;
        }

        /** Removes A·B again and returns B. */
        float[][] detach() {
            float[][] trained = b;
            a = null;
            b = null;
            return trained;
        }

        private float[][] effective() {
            return a == null ? weight : add(weight, 1, product(a, b));
        }

        private void step(float[][] gradient) {
            if (a == null) {
                weight = add(weight, -RATE, gradient);
            } else {
                b = add(b, -RATE, product(transpose(a), gradient));
            }
        }
    }

    private final List<Layer> layers;

    PlainNetwork(float[][] first, float[][] second) {
        this.layers = List.of(new Layer(first), new Layer(second));
    }

    List<Layer> layers() {
        return layers;
    }

    /** The input of each layer [n x in]. */
    List<float[][]> inputs(float[][] x) {
        float[][] hidden = product(x, layers.get(0).effective());
        for (float[] row : hidden) {
            for (int i = 0; i < row.length; i++) {
                row[i] = (float) Math.tanh(row[i]);
            }
        }
        return List.of(x, hidden);
    }

    float[][] scores(float[][] x) {
        return product(inputs(x).get(1), layers.get(1).effective());
    }

    /** The mean loss's gradient with respect to each layer's weight [in x out]. */
    List<float[][]> gradients(Task task) {
        float[][] hidden = inputs(task.inputs()).get(1);
        float[][] second = layers.get(1).effective();
        float[][] errors = errors(product(hidden, second), task.labels());
        float[][] behind = product(errors, transpose(second));
        for (int n = 0; n < behind.length; n++) {
            for (int i = 0; i < behind[n].length; i++) {
                behind[n][i] *= 1 - hidden[n][i] * hidden[n][i];
            }
        }
        return List.of(product(transpose(task.inputs()), behind), product(transpose(hidden), errors));
    }

    /** (softmax − one-hot) / n. */
    private static float[][] errors(float[][] scores, int[] labels) {
        for (int n = 0; n < scores.length; n++) {
            float largest = scores[n][Task.largest(scores[n])];
            double sum = 0;
            for (float score : scores[n]) {
                sum += Math.exp(score - largest);
            }
            for (int i = 0; i < scores[n].length; i++) {
                double share = Math.exp(scores[n][i] - largest) / sum - (i == labels[n] ? 1 : 0);
                scores[n][i] = (float) (share / labels.length);
            }
        }
        return scores;
    }

    void train(Task task) {
        for (int step = 0; step < STEPS; step++) {
            List<float[][]> gradients = gradients(task);
            for (int i = 0; i < layers.size(); i++) {
                layers.get(i).step(gradients.get(i));
            }
        }
    }

    /** left · right. */
    static float[][] product(float[][] left, float[][] right) {
        float[][] product = new float[left.length][right[0].length];
        for (int i = 0; i < left.length; i++) {
            for (int k = 0; k < right.length; k++) {
                Task.add(left[i][k], right[k], product[i]);
            }
        }
        return product;
    }

    private static float[][] transpose(float[][] matrix) {
        float[][] transposed = new float[matrix[0].length][matrix.length];
        for (int i = 0; i < matrix.length; i++) {
            for (int j = 0; j < matrix[i].length; j++) {
                transposed[j][i] = matrix[i][j];
            }
        }
        return transposed;
    }

    /** target + factor · term, a new matrix. */
    static float[][] add(float[][] target, float factor, float[][] term) {
        float[][] sum = new float[target.length][];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = target[i].clone();
            Task.add(factor, term[i], sum[i]);
        }
        return sum;
    }
}
