package org.keeplora.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.keeplora.engine.Matrix;
import org.keeplora.torch.Tensors;
import org.keeplora.torch.TorchDevice;
import org.keeplora.torch.TorchMatrix;
import org.keeplora.torch.TorchThreads;

/** An operation computed by {@link TorchWay}. */
final class TorchSide implements Side {
    /** Runs the operation for all problems; results belong to the caller's scope. */
    interface Way {
        List<Tensor> of(List<Tensor> first, List<Tensor> second);
    }

    private final Way way;
    private final List<Tensor> first;
    private final List<Tensor> second;

    private TorchSide(Way way, List<Tensor> first, List<Tensor> second) {
        this.way = way;
        this.first = first;
        this.second = second;
    }

    /**
     * Copies {@code inputs} to the backend's device.
     *
     * @throws IllegalStateException saying why, when libtorch does not have that device
     */
    static Side open(Backend backend, int threads, Inputs inputs, Way way) {
        if (backend == Backend.TORCH_CUDA) {
            TorchDevice.CUDA.require();
        }
        TorchThreads.set(threads);
        try (PointerScope scope = new PointerScope()) {
            Device device = new Device(backend == Backend.TORCH_CUDA ? "cuda" : "cpu");
            return new TorchSide(
                    way,
                    Inputs.bring(inputs.first(), matrix -> on(device, matrix)),
                    Inputs.bring(inputs.second(), matrix -> on(device, matrix)));
        }
    }

    private static Tensor on(Device device, Matrix matrix) {
        Tensor host = TorchMatrix.copyOf(matrix);
        return Tensors.keep(host.to(device, host.scalar_type()));
    }

    @Override
    public List<Matrix> results() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            List<Matrix> copies = new ArrayList<>();
            for (Tensor result : way.of(first, second)) {
                try (Matrix shared = TorchMatrix.view(result.cpu().contiguous())) {
                    copies.add(shared.toHost());
                }
            }
            return copies;
        }
    }

    @Override
    public double shot() {
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            List<Tensor> results = way.of(first, second);
            return results.get(results.size() - 1).norm().item_double();
        }
    }

    @Override
    public void close() {
        first.forEach(Tensor::close);
        second.forEach(Tensor::close);
    }
}
