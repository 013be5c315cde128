package org.keeplora.clip;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.keeplora.clip.ClipArchitecture.TowerArchitecture;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;

/**
 * A CLIP without any training: random weights, initialised as for CLIP's own training (Radford et al. 2021, section 2.5
 * and its program), under OpenAI's names.
 */
public final class FreshClip {
    private static final double TOKEN_DEVIATION = 0.02;
    private static final double POSITION_DEVIATION = 0.01;
    private static final double TEMPERATURE = 0.07;

    private final List<NamedArray> arrays = new ArrayList<>();
    private final Random random;

    private FreshClip(long seed) {
        random = new Random(seed);
    }

    /** Writes a checkpoint in safetensors to {@code file}. */
    public static void write(Path file, ClipArchitecture shape, long seed) {
        FreshClip clip = new FreshClip(seed);
        clip.vision(shape);
        clip.text(shape);
        clip.constant("logit_scale", Math.log(1 / TEMPERATURE));
        Safetensors.write(file, clip.arrays, Map.of());
    }

    private void vision(ClipArchitecture shape) {
        int patch = shape.patchSize();
        long grid = shape.imageSize() / patch;
        long width = shape.vision().width();
        double deviation = 1 / Math.sqrt(width);
        normal("visual.conv1.weight", 1 / Math.sqrt(3.0 * patch * patch), width, 3, patch, patch);
        normal("visual.class_embedding", deviation, width);
        normal("visual.positional_embedding", deviation, grid * grid + 1, width);
        layerNorm("visual.ln_pre", width);
        blocks(Tower.VISION, shape.vision());
        layerNorm("visual.ln_post", width);
        normal("visual.proj", deviation, width, shape.embedding());
    }

    private void text(ClipArchitecture shape) {
        long width = shape.text().width();
        normal("token_embedding.weight", TOKEN_DEVIATION, shape.vocabulary(), width);
        normal("positional_embedding", POSITION_DEVIATION, shape.contextLength(), width);
        blocks(Tower.TEXT, shape.text());
        layerNorm("ln_final", width);
        normal("text_projection", 1 / Math.sqrt(width), width, shape.embedding());
    }

    private void blocks(Tower tower, TowerArchitecture shape) {
        long width = shape.width();
        double reading = 1 / Math.sqrt(width);
        double writing = reading / Math.sqrt(2.0 * shape.blocks());
        for (int i = 0; i < shape.blocks(); i++) {
            String block = tower.prefix() + ".resblocks." + i + ".";
            layerNorm(block + "ln_1", width);
            linear(block + "attn.in_proj_", reading, 3 * width, width);
            linear(block + "attn.out_proj.", writing, width, width);
            layerNorm(block + "ln_2", width);
            linear(block + "mlp.c_fc.", reading / Math.sqrt(2), shape.mlpWidth(), width);
            linear(block + "mlp.c_proj.", writing, width, shape.mlpWidth());
        }
    }

    private void layerNorm(String name, long width) {
        constant(name + ".weight", 1, width);
        constant(name + ".bias", 0, width);
    }

    private void linear(String name, double deviation, long out, long in) {
        normal(name + "weight", deviation, out, in);
        constant(name + "bias", 0, out);
    }

    private void normal(String name, double deviation, long... shape) {
        float[] values = new float[elements(shape)];
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
        return Math.toIntExact(Arrays.stream(shape).reduce(1, Math::multiplyExact));
    }
}
