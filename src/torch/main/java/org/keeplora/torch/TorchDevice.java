package org.keeplora.torch;

import java.util.Optional;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.bytedeco.pytorch.Context;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch_cuda;

/** The device on which libtorch keeps and trains the model. */
public enum TorchDevice {
    /** The host. */
    CPU(DeviceType.CPU),
    /** The first GPU; needs the GPU build of libtorch on the class path (profile libtorch-cuda). */
    CUDA(DeviceType.CUDA);

    /** cuBLAS's own environment variable. libtorch refuses products where it has a value that does not fit. */
    private static final String CUBLAS_WORKSPACE = "CUBLAS_WORKSPACE_CONFIG";

    /** Eight workspaces of 4096 KiB: one of the two values that NVIDIA documents as reproducible, the faster one. */
    private static final String CUBLAS_EIGHT_WORKSPACES = ":4096:8";

    private final DeviceType type;

    TorchDevice(DeviceType type) {
        this.type = type;
    }

    /** libtorch's name of the device. */
    public DeviceType type() {
        return type;
    }

    /** Why this build of libtorch cannot use the device on this machine; empty if it can. */
    public Optional<String> obstacle() {
        Libtorch.load();
        if (this == CPU || torch.cuda_is_available()) {
            return Optional.empty();
        }
        return Optional.of(withoutGpu(Libtorch.isGpuBuild(), Libtorch.isGpuPartLoaded()));
    }

    /** libtorch's own answer is the same in all three cases. */
    static String withoutGpu(boolean build, boolean loaded) {
        if (!build) {
            return "the libtorch on the class path is the CPU build; build with -Plibtorch-cuda";
        }
        return loaded
                ? "libtorch finds no GPU that it can use"
                : "libtorch's GPU build lacks a library of NVIDIA's; 'keeplora doctor' names it";
    }

    /**
     * Does nothing if the device is available.
     *
     * @throws DeviceUnavailable saying what is missing
     */
    public void require() {
        obstacle().ifPresent(reason -> {
            throw new DeviceUnavailable(this, reason);
        });
    }

    /**
     * Has libtorch use only such ways to compute on this device as give the same bits every time, for the whole
     * process. An operation that has no such way fails. Nothing on the host, where they all do. Must be called before
     * the first product on the GPU.
     *
     * <p>By default the backward passes of attention add in the order in which blocks of threads finish, and cuBLAS may
     * choose another way when its workspace changes.
     */
    public void computeRepeatably() {
        if (this == CUDA) {
            Libtorch.load();
            torch.set_env(CUBLAS_WORKSPACE, CUBLAS_EIGHT_WORKSPACES, false);
            Context context = torch.globalContext();
            context.setDeterministicAlgorithms(true, false);
            context.setDeterministicFillUninitializedMemory(false); // would write to all memory that is not set
        }
    }

    /** {@code tensor} itself if it is already on this device, otherwise a copy in the caller's scope. */
    public Tensor move(Tensor tensor) {
        return tensor.device().type() == type
                ? tensor
                : tensor.to(new Device(type), tensor.scalar_type().intern());
    }

    /**
     * Address of libtorch's current stream, for
     * {@link org.keeplora.engine.Linalg#open(org.keeplora.engine.BackendChoice, int, long)}; CUDA only.
     */
    public static long stream() {
        CUstream_st stream = torch_cuda.getCurrentCUDAStream().stream();
        return stream == null ? 0 : stream.address(); // JavaCPP gives null for CUDA's default stream
    }
}
