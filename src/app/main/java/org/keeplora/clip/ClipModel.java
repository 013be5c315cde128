package org.keeplora.clip;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.store.BadFile;
import org.keeplora.store.UserError;
import org.keeplora.torch.AdaptedLinear;
import org.keeplora.torch.Adapter;
import org.keeplora.torch.LowRankChange;
import org.keeplora.torch.Precision;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;

/**
 * CLIP with a vision transformer, float32, on the host or the GPU. Pixels must be on the same device; prompts and
 * adapters are copied to it.
 *
 * <p>Weights live until {@link #close}. Tensors that a call returns or creates on the way belong to the caller's {@code
 * PointerScope}: open one per step. Not thread-safe.
 */
public final class ClipModel implements AutoCloseable {
    private static final String LOGIT_SCALE = "logit_scale";

    private final TorchDevice device;
    private final ClipArchitecture architecture;
    private final ImageTransform imageTransform;
    private final Precision precision;
    private final Map<String, Tensor> weights;
    private final Tensor logitScale;
    private final VisionEncoder vision;
    private final TextEncoder text;
    private FeatureTap tap;
    private boolean unfrozen;

    private ClipModel(ClipWeights weights, Checkpoint checkpoint, TorchDevice device) {
        this.device = device;
        architecture = checkpoint.architecture(weights);
        precision = weights.precision();
        imageTransform = checkpoint.config().transform(architecture.imageSize());
        vision = new VisionEncoder(weights, architecture);
        text = new TextEncoder(weights, architecture, device);
        logitScale = weights.take(LOGIT_SCALE);
        weights.requireAllTaken();
        this.weights = weights.taken();
    }

    /** As {@link #load(Path, TorchDevice)}, on the host. */
    public static ClipModel load(Path path) {
        return load(path, TorchDevice.CPU);
    }

    /** As {@link #load(Path, TorchDevice, Optional)}, with QuickGELU when no configuration gives the activation. */
    public static ClipModel load(Path path, TorchDevice device) {
        return load(path, device, Optional.empty());
    }

    /**
     * Reads a checkpoint of any layout: OpenAI's {@code .pt}, a folder of Hugging Face (sharded or not) or open_clip,
     * or a safetensors file or PyTorch archive with the tensor names of any of these. The layout is detected from the
     * tensor names; the architecture comes from the tensors' shapes and the configuration.
     *
     * @param activation for a checkpoint without a configuration; QuickGELU when empty
     * @throws BadFile naming a tensor that is missing, has another shape or is in no CLIP ViT, or a key of the
     *     configuration whose value is not supported
     * @throws org.keeplora.torch.DeviceUnavailable when libtorch does not have that device
     */
    public static ClipModel load(Path path, TorchDevice device, Optional<Activation> activation) {
        device.require();
        Checkpoint checkpoint = Checkpoint.open(path, activation);
        ClipWeights weights = new ClipWeights(checkpoint.arrays(), checkpoint.names(), device);
        try {
            return new ClipModel(weights, checkpoint, device);
        } catch (RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    /**
     * Writes the merged model as a folder that transformers' {@code CLIPModel.from_pretrained} reads, in the float type
     * of its checkpoint.
     */
    public void save(Path folder) {
        save(folder, precision);
    }

    /** As {@link #save(Path)}, with weights rounded to {@code stored}. */
    public void save(Path folder, Precision stored) {
        HuggingFaceFolder.write(folder, architecture, imageTransform, stored, weights);
    }

    /** Whether transformers' {@code CLIPModel.from_pretrained} can read {@code folder}. */
    public static boolean isOfTransformers(Path folder) {
        return TransformersConfig.isOne(folder.resolve(TransformersConfig.FILE));
    }

    /** The device on which it computes and returns results. */
    public TorchDevice device() {
        return device;
    }

    public ClipArchitecture architecture() {
        return architecture;
    }

    /** How to prepare images for {@link #encodeImage}. */
    public ImageTransform imageTransform() {
        return imageTransform;
    }

    /** All sites that can be adapted: vision blocks first, in each block q, k, v, o. */
    public List<Site> sites() {
        List<Site> sites = new ArrayList<>();
        for (Tower tower : Tower.values()) {
            for (int block = 0; block < architecture.tower(tower).blocks(); block++) {
                for (AttentionProjection projection : AttentionProjection.values()) {
                    sites.add(new Site(tower, block, projection));
                }
            }
        }
        return sites;
    }

    /**
     * From normalised pixels [n x 3 x px x px] float32 to image features [n x embedding]; the features do not have unit
     * length.
     */
    public Tensor encodeImage(Tensor pixels) {
        return vision.encode(pixels, tap);
    }

    /**
     * From prompts to text features [prompts x embedding], read at end-of-text; the features do not have unit length.
     */
    public Tensor encodeText(TokenBatch prompts) {
        return text.encode(prompts, tap);
    }

    /** exp(logit_scale) · cosine of every image feature with every text feature: [images x prompts]. */
    public Tensor logits(Tensor imageFeatures, Tensor textFeatures) {
        return unit(imageFeatures).matmul(unit(textFeatures).t()).mul(logitScale.exp());
    }

    private static Tensor unit(Tensor features) {
        return features.div(Tensors.rowNorms(features));
    }

    /** The live weight of {@code site} [out x in], as PyTorch stores it; a view. */
    public Tensor weight(Site site) {
        return linear(site).weight(part(site));
    }

    /** Width of the input of {@code site}. */
    public int inputWidth(Site site) {
        return (int) weight(site).size(1);
    }

    /** The gradient of {@code site}'s weight [out x in], summed since {@link #requireWeightGradients}; a view. */
    public Tensor gradient(Site site) {
        return linear(site).gradient(part(site));
    }

    /**
     * From this call on, a backward pass adds to the gradients of these weights, and of no others.
     *
     * @return the tensors that have the gradients; sites whose weights are packed share one tensor; live
     */
    public List<Tensor> requireWeightGradients(Collection<Site> sites) {
        return sites.stream()
                .map(this::linear)
                .distinct()
                .map(AdaptedLinear::requireWeightGradient)
                .toList();
    }

    /** Discards all weight gradients and records no more. */
    public void dropWeightGradients() {
        sites().forEach(site -> linear(site).dropWeightGradient());
    }

    /** Attaches one adapter to each given site, always in the order of {@link #sites}. */
    public void attach(Map<Site, Adapter> adapters) {
        sites().stream().filter(adapters::containsKey).forEach(site -> {
            Adapter adapter = adapters.get(site);
            misfit(site, adapter.a(), adapter.b()).ifPresent(misfit -> {
                throw new IllegalArgumentException("attach: adapter of " + misfit);
            });
            linear(site).attach(part(site), adapter);
        });
    }

    /**
     * The trained tensors: all weights after {@link #unfreeze}; else the factors of the attached adapters, text tower
     * first.
     */
    public List<Tensor> trainable() {
        if (unfrozen) {
            return parameters();
        }
        return sites().stream()
                .sorted(Comparator.comparing(site -> site.tower() == Tower.VISION))
                .flatMap(site -> trainable(site).stream())
                .toList();
    }

    /**
     * The factors of the adapter attached to {@code site}: A, if it is trained, then B; empty when there is no adapter.
     */
    public List<Tensor> trainable(Site site) {
        return linear(site).trainable(part(site));
    }

    /** Trains every weight of both towers from now until {@link #merge}; the logit scale is never trained. */
    public void unfreeze() {
        unfrozen = true;
        parameters().forEach(weight -> weight.requires_grad_(true));
    }

    /** All weights except the logit scale; live. */
    private List<Tensor> parameters() {
        return weights.entrySet().stream()
                .filter(entry -> !entry.getKey().equals(LOGIT_SCALE))
                .map(Map.Entry::getValue)
                .toList();
    }

    /** The changes that {@link #merge} would add to the weights of sites with an adapter; the caller closes them. */
    public Map<Site, LowRankChange> changes() {
        Map<Site, LowRankChange> changes = new TreeMap<>();
        sites().stream().filter(site -> part(site) == 0).forEach(site -> linear(site)
                .changes()
                .forEach((part, change) -> changes.put(site.withPart(part), change)));
        return changes;
    }

    /**
     * Adds changes to the weights, for example those of an imported adapter.
     *
     * @throws UserError naming a site that the model does not have, or whose weight has another shape
     */
    public void apply(Map<Site, LowRankChange> changes) {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            changes.forEach((site, change) -> {
                misfit(site, change.a(), change.b()).ifPresent(misfit -> {
                    throw new UserError("change of " + misfit + "; give the model that the adapter was trained for");
                });
                weight(site).add_(device.move(change.a().matmul(change.b()).t()));
            });
        }
    }

    /** Why a change a·b cannot be added to the weight of {@code site}; empty when it can. */
    private Optional<String> misfit(Site site, Tensor a, Tensor b) {
        int blocks = architecture.tower(site.tower()).blocks();
        if (site.block() >= blocks) {
            return Optional.of(site + ": the model has only " + blocks + " blocks in that tower");
        }
        Tensor weight = weight(site);
        return a.size(0) == weight.size(1) && b.size(1) == weight.size(0)
                ? Optional.empty()
                : Optional.of(site + " maps " + a.size(0) + " to " + b.size(1) + " but the weight maps "
                        + weight.size(1) + " to " + weight.size(0));
    }

    /**
     * Ends training: adds every adapter's change to its weight and removes the adapter. An untrained adapter changes no
     * bit.
     */
    public void merge() {
        sites().forEach(site -> linear(site).merge());
        if (unfrozen) {
            parameters().forEach(weight -> {
                weight.requires_grad_(false);
                weight.mutable_grad().reset();
            });
            unfrozen = false;
        }
    }

    /** All weights under OpenAI's names; live. */
    Map<String, Tensor> weights() {
        return weights;
    }

    /** From this call on, {@code tap} receives the inputs of adapted maps; null removes it. */
    public void tap(FeatureTap tap) {
        this.tap = tap;
    }

    AdaptedLinear linear(Site site) {
        return site.tower() == Tower.VISION ? vision.linear(site) : text.linear(site);
    }

    /** The index of a site's projection in its packed linear map. */
    static int part(Site site) {
        return site.projection() == AttentionProjection.O
                ? 0
                : site.projection().ordinal();
    }

    @Override
    public void close() {
        vision.close();
        text.close();
        weights.values().forEach(Tensor::close);
    }
}
