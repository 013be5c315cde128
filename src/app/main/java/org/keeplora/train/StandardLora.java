package org.keeplora.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.clip.ClipModel;
import org.keeplora.clip.Site;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.Tensors;

/** Sequential standard LoRA (Hu et al. 2022): A uniform in ±1/√in, B = 0, both trained, merged after each task. */
public final class StandardLora implements ContinualMethod {
    private final ClipModel model;
    private final RunSettings settings;

    /** @param settings r, alpha and the seed of A */
    public StandardLora(ClipModel model, RunSettings settings) {
        this.model = model;
        this.settings = settings;
    }

    @Override
    public Map<Site, Adapter> start(TaskData task) {
        Map<Site, Adapter> adapters = new LinkedHashMap<>();
        int rank = settings.method().rank();
        double scale = settings.method().alpha() / rank;
        List<Site> sites = model.sites();
        for (int i = 0; i < sites.size(); i++) {
            Tensor weight = model.weight(sites.get(i));
            int out = (int) weight.size(0);
            int in = (int) weight.size(1);
            Tensor a = uniform(in, rank, settings.seed(RunSettings.Purpose.LORA_START, task.number(), i));
            Tensor b = Tensors.ofFloats(new float[rank * out], rank, out);
            adapters.put(sites.get(i), new Adapter(a, b, scale, Adapter.Trained.A_AND_B));
        }
        return adapters;
    }

    private static Tensor uniform(int in, int rank, long seed) {
        Random random = new Random(seed);
        double bound = 1 / Math.sqrt(in);
        float[] values = new float[in * rank];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (bound * (2 * random.nextDouble() - 1));
        }
        return Tensors.ofFloats(values, in, rank);
    }
}
