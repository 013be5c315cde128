package org.keeplora.train;

import java.util.Locale;
import java.util.Optional;
import org.keeplora.clip.AttentionProjection;
import org.keeplora.clip.ImageSet;
import org.keeplora.clip.Site;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tower;
import org.keeplora.engine.Matrix;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.testing.Shared;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;

/** Reference values of the authors' MTIL program: two tasks on the tiny CLIP, batches of 32 in stored order. */
final class OfficialProgram {
    static final int BATCH = 32;
    static final int EPOCHS = 2;

    private final Safetensors file = Safetensors.open(Shared.file("golden/mtil-v1-reference.safetensors"));

    /** "vit_q.0" for vision block 0, query. */
    static String key(Site site) {
        String tower = site.tower() == Tower.VISION ? "vit" : "text";
        return tower + "_" + site.projection().name().toLowerCase(Locale.ROOT) + "." + site.block();
    }

    boolean has(String name) {
        return file.names().contains(name);
    }

    NamedArray array(String name) {
        return file.get(name);
    }

    double[] doubles(String name) {
        return array(name).toDoubles();
    }

    Matrix matrix(String name) {
        NamedArray array = array(name);
        return Matrix.copyOf((int) array.shape()[0], (int) array.shape()[1], array.toFloats());
    }

    /** The stored gradient of {@code site}'s weight, [out x in] as PyTorch has it, row-major. */
    float[] gradient(int task, Site site) {
        String tower = site.tower() == Tower.VISION ? "image_encoder" : "text_encoder";
        boolean packed = site.projection() != AttentionProjection.O;
        NamedArray array = array("task" + task + ".grad." + tower + ".blocks." + site.block() + ".attn."
                + (packed ? "in_proj_weight" : "out_proj.weight"));
        int width = (int) array.shape()[1];
        int from = packed ? site.projection().ordinal() * width * width : 0;
        return java.util.Arrays.copyOfRange(array.toFloats(), from, from + width * width);
    }

    TaskData task(int task) {
        TokenBatch full = prompts(task);
        return new TaskData(
                task,
                "task" + task,
                images(task, "train"),
                new TaskData.Prompts(prompts(task), full),
                Optional.empty());
    }

    ImageSet images(int task, String split) {
        NamedArray pixels = array("task" + task + "." + split + ".images");
        return ImageSet.ofPixels(
                Tensors.ofFloats(pixels.toFloats(), pixels.shape()),
                Tensors.ofLongs(array("task" + task + "." + split + ".labels").toLongs()),
                TorchDevice.CPU);
    }

    TokenBatch prompts(int task) {
        NamedArray tokens = array("tokens.task" + task);
        int prompts = (int) tokens.shape()[0];
        int context = (int) tokens.shape()[1];
        long[] ids = tokens.toLongs();
        int[] ends = new int[prompts];
        for (int i = 0; i < prompts; i++) {
            for (int j = 1; j < context; j++) {
                ends[i] = ids[i * context + j] > ids[i * context + ends[i]] ? j : ends[i];
            }
        }
        return new TokenBatch(Tensors.keep(Tensors.ofLongs(ids).reshape(prompts, context)), ends);
    }
}
