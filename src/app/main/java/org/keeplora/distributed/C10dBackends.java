package org.keeplora.distributed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.javacpp.SizeTPointer;
import org.bytedeco.pytorch.Backend;
import org.bytedeco.pytorch.BackendOptional;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.GlooDeviceVector;
import org.bytedeco.pytorch.LongVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.ProcessGroup;
import org.bytedeco.pytorch.ProcessGroup.BackendType;
import org.bytedeco.pytorch.ProcessGroupGloo;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.TCPStoreOptions;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.DeviceType;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.bytedeco.pytorch.global.torch_gloo;
import org.bytedeco.pytorch.nccl.ProcessGroupNCCL;
import org.keeplora.store.UserError;

/**
 * The c10d objects of one process group: the store, Gloo for tensors on the host and, on request, NCCL for tensors on
 * GPUs.
 */
final class C10dBackends implements AutoCloseable {
    private static final int GLOO_THREADS = 2;

    private final Rendezvous place;
    private final TCPStore store;
    private final ProcessGroupGloo gloo;
    private Optional<ProcessGroupNCCL> nccl = Optional.empty();
    private final ProcessGroup both;
    private final Set<PendingCollective> open = ConcurrentHashMap.newKeySet();

    /**
     * Connects every process to every other.
     *
     * @param store from {@link #store}; closed with this
     */
    C10dBackends(Rendezvous place, TCPStore store) {
        this.place = place;
        this.store = store;
        gloo = gloo(place, store);
        both = new ProcessGroup(place.index(), place.size());
        add(DeviceType.CPU, BackendType.GLOO, gloo);
    }

    /** Adds NCCL to the backends, and connects all processes with a first sum. */
    void joinOnGpus() {
        nccl = Optional.of(Nccl.open(place, store));
        add(DeviceType.CUDA, BackendType.NCCL, nccl.get());
        Nccl.connect(place.meeting().timeout(), this::finishOnGpus);
    }

    /**
     * Waits until the GPU has every sum that was begun before, by one more sum, as NCCL computes them in order. For
     * those of c10d's Reducer: nothing waits for them but the stream, which would wait for ever. Nothing without NCCL.
     */
    void finishOnGpus() {
        if (nccl.isPresent()) {
            try (PointerScope scope = new PointerScope()) {
                TensorOptions onGpu = new TensorOptions(new Device(DeviceType.CUDA));
                sum(List.of(torch.zeros(new long[] {1}, onGpu)));
            }
        }
    }

    /**
     * Registers a backend. Nothing may keep a backend longer than this object, because a backend must end before its
     * store.
     */
    private void add(DeviceType device, BackendType type, Backend backend) {
        try (BackendOptional optional = new BackendOptional(backend)) {
            both.setBackend(device, type, optional);
        }
        both.setDefaultBackend(type);
    }

    /**
     * A connection to the store, which process 0 runs.
     *
     * @throws LostProcess when process 0 cannot be reached within the time-out
     * @throws UserError when this is process 0 and the port is not free
     */
    static TCPStore store(Rendezvous place) {
        Loader.load(torch_gloo.class);
        NativeLog.quieten();
        Rendezvous.Meeting meeting = place.meeting();
        if (place.index() > 0) {
            FirstContact.obstacle(meeting).ifPresent(obstacle -> {
                throw new LostProcess(
                        String.format(
                                Locale.ROOT,
                                "process %d of %d (host %s) could not reach process 0 at %s, port %d, within %d s: %s; start process 0, and every process with the same MASTER_ADDR and MASTER_PORT",
                                place.index(),
                                place.size(),
                                HeartbeatMessage.hostName(),
                                meeting.address(),
                                meeting.port(),
                                meeting.timeout().toSeconds(),
                                obstacle),
                        null);
            });
        }
        try {
            return store(place, place.index() == 0);
        } catch (RuntimeException e) {
            if (place.index() > 0) {
                throw new LostProcess("process 0: " + C10dProcessGroup.firstLine(e), e);
            }
            throw new UserError(
                    Rendezvous.MASTER_PORT + " is " + meeting.port() + ", where process 0 cannot listen: "
                            + C10dProcessGroup.firstLine(e),
                    e);
        }
    }

    /** One more connection to the store, which is known to run. */
    static TCPStore secondConnection(Rendezvous place) {
        return store(place, false);
    }

    private static TCPStore store(Rendezvous place, boolean server) {
        Rendezvous.Meeting meeting = place.meeting();
        TCPStoreOptions options = new TCPStoreOptions()
                .isServer(server)
                .port((short) meeting.port()) // unsigned in C++
                .useLibUV(false)
                .waitWorkers(false)
                .timeout(Heartbeat.milliseconds(meeting.timeout()));
        try (SizeTPointer workers = new SizeTPointer(1)) {
            options.numWorkers(workers.put(place.size()));
            return new TCPStore(server ? "127.0.0.1" : meeting.address(), options);
        }
    }

    private static ProcessGroupGloo gloo(Rendezvous place, TCPStore store) {
        ProcessGroupGloo.Options options = ProcessGroupGloo.Options.create(
                Heartbeat.milliseconds(place.meeting().timeout()));
        options.threads(GLOO_THREADS);
        options.devices(new GlooDeviceVector(place.meeting()
                .networkInterface()
                .map(ProcessGroupGloo::createDeviceForInterface)
                .orElseGet(ProcessGroupGloo::createDefaultDevice)));
        return new ProcessGroupGloo(store, place.index(), place.size(), options);
    }

    /** Begins to replace each tensor by its sum over the processes. Tensors of one type are sent as one. */
    List<PendingCollective> beginSum(List<Tensor> tensors) {
        return byType(tensors).stream()
                .map(its -> new PendingCollective(open, its, all -> backend(all).allreduce(new TensorVector(all))))
                .toList();
    }

    private static Collection<List<Tensor>> byType(List<Tensor> tensors) {
        Map<ScalarType, List<Tensor>> byType = new LinkedHashMap<>();
        tensors.forEach(tensor -> byType.computeIfAbsent(tensor.scalar_type().intern(), type -> new ArrayList<>())
                .add(tensor));
        return byType.values();
    }

    /** Replaces each tensor by its sum over the processes, a power of two, in the order of {@link PairwiseSum}. */
    void sumInOrder(List<Tensor> tensors) {
        byType(tensors).forEach(this::sumOfOneTypeInOrder);
    }

    /** Every process adds up one piece; this sends as many bytes as a ring does. */
    private void sumOfOneTypeInOrder(List<Tensor> tensors) {
        int processes = place.size();
        try (PointerScope scope = new PointerScope();
                NoGradGuard guard = new NoGradGuard()) {
            Flattened flat = Flattened.filled(tensors, processes);
            Tensor all = flat.all().view(-1);
            Tensor pieces = torch.empty_like(all);
            new PendingCollective(open, List.of(pieces), to -> backend(to)
                            .alltoall_base(to, all, new LongVector(), new LongVector()))
                    .await();
            Tensor piece = PairwiseSum.ofRows(pieces.view(processes, -1));
            new PendingCollective(open, List.of(all), to -> backend(to)._allgather_base(to, piece)).await();
            flat.copyBack();
        }
    }

    void sum(List<Tensor> tensors) {
        beginSum(tensors).forEach(PendingCollective::await);
    }

    /** Replaces the tensor by the one of process 0. */
    void broadcast(Tensor tensor) {
        new PendingCollective(open, List.of(tensor), all -> backend(all).broadcast(new TensorVector(all))).await();
    }

    private Backend backend(Tensor tensor) {
        return tensor.is_cuda() ? nccl.orElseThrow(C10dBackends::notJoinedOnGpus) : gloo;
    }

    private static IllegalStateException notJoinedOnGpus() {
        return new IllegalStateException(
                "a tensor on a GPU is to be sent, but the processes have not joined on their GPUs");
    }

    /** For c10d's own classes: a process group for tensors on host and GPU. */
    ProcessGroup processGroup() {
        return both;
    }

    /** Closes the connections between processes; the store stays open. */
    void disconnect() {
        both.close();
        nccl.ifPresent(ProcessGroupNCCL::close);
        gloo.close();
    }

    @Override
    public void close() {
        disconnect();
        store.close();
    }
}
