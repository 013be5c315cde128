package org.keeplora.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/** A checkpoint with random weights in the shapes of the small CLIP that the experiments use, but for the vocabulary. */
final class RandomClip {
    static final int IMAGE = 48;
    static final int PATCH = 8;
    /** Of an image: one for each patch, and the class token. */
    static final int IMAGE_TOKENS = IMAGE / PATCH * (IMAGE / PATCH) + 1;

    static final int WIDTH = 128;
    static final int VISION_BLOCKS = 6;
    static final int TEXT_BLOCKS = 3;
    static final int CONTEXT = 77;
    static final int VOCABULARY = 1000;
    private static final double LOGIT_SCALE = Math.log(1 / 0.07);

    private final List<NamedArray> arrays = new ArrayList<>();
    private final Random random;

    private RandomClip(long seed) {
        random = new Random(seed);
    }

    /** Writes one to {@code file}. */
    static void write(Path file, long seed) {
        RandomClip clip = new RandomClip(seed);
        clip.normal("visual.conv1.weight", WIDTH, 3, PATCH, PATCH);
        clip.normal("visual.class_embedding", WIDTH);
        clip.normal("visual.positional_embedding", IMAGE_TOKENS, WIDTH);
        clip.layerNorm("visual.ln_pre");
        clip.blocks("visual.transformer.resblocks.", VISION_BLOCKS);
        clip.layerNorm("visual.ln_post");
        clip.normal("visual.proj", WIDTH, WIDTH);
        clip.normal("token_embedding.weight", VOCABULARY, WIDTH);
        clip.normal("positional_embedding", CONTEXT, WIDTH);
        clip.blocks("transformer.resblocks.", TEXT_BLOCKS);
        clip.layerNorm("ln_final");
        clip.normal("text_projection", WIDTH, WIDTH);
        clip.constant("logit_scale", LOGIT_SCALE);
        Safetensors.write(file, clip.arrays, Map.of());
    }

    private void blocks(String prefix, int count) {
        for (int block = 0; block < count; block++) {
            String name = prefix + block + ".";
            layerNorm(name + "ln_1");
            linear(name + "attn.in_proj_", 3 * WIDTH, WIDTH);
            linear(name + "attn.out_proj.", WIDTH, WIDTH);
            layerNorm(name + "ln_2");
            linear(name + "mlp.c_fc.", 4 * WIDTH, WIDTH);
            linear(name + "mlp.c_proj.", WIDTH, 4 * WIDTH);
        }
    }

    private void layerNorm(String name) {
        constant(name + ".weight", 1, WIDTH);
        constant(name + ".bias", 0, WIDTH);
    }

    private void linear(String name, long out, long in) {
        normal(name + "weight", out, in);
        constant(name + "bias", 0, out);
    }

    /** Deviation 1/√(elements of a row). */
    private void normal(String name, long... shape) {
        float[] values = new float[elements(shape)];
        double deviation = 1 / Math.sqrt(values.length / (double) shape[0]);
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        arrays.add(NamedArray.of(name, shape, values));
    }

    private void constant(String name, double value, long... shape) {
        float[] values = new float[elements(shape)];
        Arrays.fill(values, (float) value);
        arrays.add(NamedArray.of(name, shape, values));
    }

    private static int elements(long[] shape) {
        int elements = 1;
        for (long side : shape) {
            elements *= (int) side;
        }
        return elements;
    }
}
