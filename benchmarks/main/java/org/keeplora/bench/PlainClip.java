package org.keeplora.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.keeplora.clip.AttentionProjection;
import org.keeplora.clip.ClipArchitecture;
import org.keeplora.clip.Site;
import org.keeplora.clip.TokenBatch;
import org.keeplora.clip.Tower;
import org.keeplora.store.NamedArray;
import org.keeplora.store.Safetensors;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.Tensors;

/**
 * CLIP as a PyTorch user writes it: query, key, value and output are separate linear maps, each with its own low-rank
 * path; QuickGELU takes three operations; every token passes through every block. It is compared in {@link
 * TaskBenchmark}.
 */
final class PlainClip implements AutoCloseable {
    private static final String LOGIT_SCALE = "logit_scale";
    private static final double EPSILON = 1e-5;

    private final ClipArchitecture architecture;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Map<Site, Attached> adapters = new LinkedHashMap<>();

    private record Attached(Tensor a, Tensor b, Scalar scale) {}

    /** Loads the model; {@code file} holds float32 tensors under OpenAI's names. */
    PlainClip(Path file, ClipArchitecture architecture) {
        this.architecture = architecture;
        Safetensors stored = Safetensors.open(file);
        for (String name : stored.names()) {
            NamedArray array = stored.get(name);
            if (name.contains("in_proj_")) {
                putThirds(name, array.toFloats(), array.shape());
            } else {
                put(name, array.toFloats(), array.shape());
            }
        }
    }

    private void put(String name, float[] values, long... shape) {
        try (PointerScope scope = new PointerScope()) {
            weights.put(name, Tensors.keep(Tensors.ofFloats(values, shape)));
        }
    }

    /** Stores in_proj_weight as q.weight, k.weight and v.weight; the bias likewise. */
    private void putThirds(String name, float[] values, long[] shape) {
        long[] third = shape.clone();
        third[0] /= 3;
        int length = values.length / 3;
        for (int part = 0; part < 3; part++) {
            String projection = List.of("q", "k", "v").get(part) + ".";
            float[] own = Arrays.copyOfRange(values, part * length, (part + 1) * length);
            put(name.replace("in_proj_", projection), own, third);
        }
    }

    Tensor encodeImage(Tensor pixels) {
        long n = pixels.size(0);
        long width = architecture.vision().width();
        long[] stride = {architecture.patchSize(), architecture.patchSize()};
        Tensor grid = torch.conv2d(
                pixels,
                weight("visual.conv1.weight"),
                new TensorOptional(),
                stride,
                new long[] {0, 0},
                new long[] {1, 1},
                1);
        Tensor patches = grid.reshape(n, width, -1).permute(0, 2, 1);
        Tensor classToken = weight("visual.class_embedding").expand(n, 1, width);
        Tensor x = torch.cat(new TensorVector(classToken, patches), 1).add(weight("visual.positional_embedding"));
        Tensor all = blocks(Tower.VISION, "visual.transformer", normalized(x, "visual.ln_pre"));
        return normalized(all.select(1, 0), "visual.ln_post").matmul(weight("visual.proj"));
    }

    Tensor encodeText(TokenBatch prompts) {
        Tensor x =
                torch.embedding(weight("token_embedding.weight"), prompts.ids()).add(weight("positional_embedding"));
        Tensor all = normalized(blocks(Tower.TEXT, "transformer", x), "ln_final");
        long positions = prompts.ids().size(1);
        long[] ends = new long[prompts.endOfText().length];
        for (int i = 0; i < ends.length; i++) {
            ends[i] = i * positions + prompts.endOfText()[i];
        }
        return all.flatten(0, 1).index_select(0, Tensors.ofLongs(ends)).matmul(weight("text_projection"));
    }

    Tensor logits(Tensor images, Tensor texts) {
        Tensor unitImages = images.div(Tensors.rowNorms(images));
        Tensor unitTexts = texts.div(Tensors.rowNorms(texts));
        return unitImages.matmul(unitTexts.t()).mul(weight(LOGIT_SCALE).exp());
    }

    private Tensor blocks(Tower tower, String prefix, Tensor x) {
        ClipArchitecture.TowerArchitecture shape = architecture.tower(tower);
        for (int i = 0; i < shape.blocks(); i++) {
            String block = prefix + ".resblocks." + i + ".";
            Tensor input = normalized(x, block + "ln_1");
            Tensor attended = torch.scaled_dot_product_attention(
                    heads(adapted(input, tower, i, AttentionProjection.Q, block + "attn.q"), shape.heads()),
                    heads(adapted(input, tower, i, AttentionProjection.K, block + "attn.k"), shape.heads()),
                    heads(adapted(input, tower, i, AttentionProjection.V, block + "attn.v"), shape.heads()),
                    new TensorOptional(),
                    0,
                    tower == Tower.TEXT,
                    new DoubleOptional(),
                    false);
            Tensor joined = attended.permute(0, 2, 1, 3).reshape(x.sizes());
            x = x.add(adapted(joined, tower, i, AttentionProjection.O, block + "attn.out_proj"));
            Tensor hidden = linear(normalized(x, block + "ln_2"), block + "mlp.c_fc");
            Tensor active = hidden.mul(torch.sigmoid(hidden.mul(new Scalar(1.702))));
            x = x.add(linear(active, block + "mlp.c_proj"));
        }
        return x;
    }

    private static Tensor heads(Tensor x, int heads) {
        return x.reshape(x.size(0), x.size(1), heads, x.size(2) / heads).permute(0, 2, 1, 3);
    }

    private Tensor adapted(Tensor x, Tower tower, int block, AttentionProjection projection, String name) {
        Tensor y = linear(x, name);
        Attached adapter = adapters.get(new Site(tower, block, projection));
        return adapter == null
                ? y
                : y.add(x.matmul(adapter.a()).matmul(adapter.b()).mul(adapter.scale()));
    }

    private Tensor linear(Tensor x, String name) {
        return torch.linear(x, weight(name + ".weight"), new TensorOptional(weight(name + ".bias")));
    }

    private Tensor normalized(Tensor x, String name) {
        Tensor gain = weight(name + ".weight");
        return torch.layer_norm(
                x,
                new long[] {gain.size(0)},
                new TensorOptional(gain),
                new TensorOptional(weight(name + ".bias")),
                EPSILON,
                false);
    }

    private Tensor weight(String name) {
        return weights.get(name);
    }

    /** The weight of {@code site} [out x in]. */
    private Tensor weight(Site site) {
        String tower = site.tower() == Tower.VISION ? "visual.transformer" : "transformer";
        String projection = site.projection() == AttentionProjection.O
                ? "out_proj"
                : site.projection().name().toLowerCase(java.util.Locale.ROOT);
        return weight(tower + ".resblocks." + site.block() + ".attn." + projection + ".weight");
    }

    /** Whether backward passes add to the gradients of all weights; existing gradients are discarded. */
    void requireGradients(boolean required) {
        weights.forEach((name, weight) -> {
            weight.requires_grad_(required && !name.equals(LOGIT_SCALE));
            weight.mutable_grad().reset();
        });
    }

    Tensor gradient(Site site) {
        return weight(site).grad();
    }

    /** Attaches adapters whose B is zero, and returns the trained tensors: A and B of each. */
    List<Tensor> attach(Map<Site, Adapter> starts) {
        starts.forEach((site, adapter) -> adapters.put(
                site,
                new Attached(
                        adapter.a().requires_grad_(true),
                        adapter.b().requires_grad_(true),
                        new Scalar(adapter.scale()))));
        return adapters.values().stream()
                .flatMap(adapter -> List.of(adapter.a(), adapter.b()).stream())
                .toList();
    }

    void merge() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            adapters.forEach((site, adapter) ->
                    weight(site).add_(adapter.a().matmul(adapter.b()).t().mul(adapter.scale())));
        }
        adapters.clear();
    }

    @Override
    public void close() {
        weights.values().forEach(Tensor::close);
    }
}
