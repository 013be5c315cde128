package com.example;

import static org.keeplora.method.Switches.StartB.GRADIENT;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.Function;
import org.keeplora.engine.BackendChoice;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.Scope;
import org.keeplora.method.LoraFactors;
import org.keeplora.method.LoraStart;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.method.PrincipalSubspace.Extension;
import org.keeplora.method.SecondMoment;

/** The README's snippet in a program; run.sh puts it in the place of the line that names it. */
public final class Example {
    private Example() {}

    public static void main(String[] arguments) {
        long begin = System.nanoTime();
        List<float[][]> layerWeights = List.of(random(96, 40), random(40, 96));
        List<float[][]> layerGradients = List.of(random(96, 40), random(40, 96));
        List<float[][]> layerInputs = List.of(random(20, 96), random(20, 40));
        int rank = 4;
        // SNIPPET
        System.out.printf("%.2f s in %s%n", (System.nanoTime() - begin) / 1e9, Linalg.class.getModule());
    }

    private static void attach(float[][] a, float[][] b) {
        if (a[0].length != b.length) {
            throw new IllegalStateException("the factors' ranks differ");
        }
    }

    private static float[][] random(int rows, int cols) {
        Random random = new Random(rows);
        float[][] matrix = new float[rows][cols];
        for (float[] row : matrix) {
            for (int i = 0; i < cols; i++) {
                row[i] = (float) random.nextGaussian();
            }
        }
        return matrix;
    }
}
