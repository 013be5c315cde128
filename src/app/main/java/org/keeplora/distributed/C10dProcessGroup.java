package org.keeplora.distributed;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.TCPStore;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.keeplora.store.UserError;

/** A process group on c10d. */
public final class C10dProcessGroup implements ProcessGroup {
    /**
     * Matches errors of Gloo, NCCL and c10d, as a backward pass can fail for other reasons too. "pair closure" means
     * that another process closed the connection after its time-out.
     */
    private static final Pattern CONNECTION = Pattern.compile("gloo|nccl|c10d|pair closure", Pattern.CASE_INSENSITIVE);

    private final Rendezvous place;
    private final C10dBackends backends;
    private final Heartbeat heartbeat;
    private final GatheredRows rows = new GatheredRows(this);
    private Traffic traffic = Traffic.NONE;
    private boolean broken;

    private C10dProcessGroup(Rendezvous place, Heartbeat heartbeat, C10dBackends backends) {
        this.place = place;
        this.heartbeat = heartbeat;
        this.backends = backends;
    }

    /**
     * Connects to the other processes; returns when all are connected.
     *
     * @throws LostProcess when they have not come within the time-out
     * @throws UserError when this machine lacks the interface, or process 0's has no such free port
     */
    public static C10dProcessGroup join(Rendezvous place) {
        FirstContact.requireInterface(place.meeting());
        TCPStore store = C10dBackends.store(place);
        Heartbeat heartbeat = Heartbeat.begin(place);
        String what = "connecting all processes through "
                + place.meeting()
                        .networkInterface()
                        .map(name -> "interface " + name)
                        .orElse("the address of the host's name; " + Rendezvous.INTERFACE
                                + " selects another interface");
        heartbeat.keep(store);
        heartbeat.meet();
        heartbeat.begins(what);
        try (Tensor zero = zeros(ScalarType.Byte, 1)) {
            C10dBackends backends = heartbeat.keep(new C10dBackends(place, store));
            backends.sum(List.of(zero)); // nobody may close a connection that another still waits for
            return heartbeat.keep(new C10dProcessGroup(place, heartbeat, backends));
        } catch (RuntimeException e) {
            throw lost(place, heartbeat, what, e);
        }
    }

    /**
     * Protects an open object from the garbage collector until the group is closed or the process ends, because threads
     * of c10d use it.
     */
    void keep(Object part) {
        heartbeat.keep(part);
    }

    @Override
    public int index() {
        return place.index();
    }

    @Override
    public int size() {
        return place.size();
    }

    @Override
    public int localSize() {
        return place.localSize();
    }

    @Override
    public void joinOnGpus() {
        communicate("connecting the GPUs", 0, () -> {
            backends.joinOnGpus();
            return null;
        });
    }

    @Override
    public Pending<List<Tensor>> begin(String what, List<Tensor> tensors) {
        heartbeat.begins(what);
        List<PendingCollective> pending = watched(what, () -> beginSum(tensors));
        return () -> watched(what, () -> {
            pending.forEach(PendingCollective::await);
            return tensors;
        });
    }

    /** For a backward pass. If it fails, its caller diagnoses which process is missing. */
    List<PendingCollective> beginSum(List<Tensor> tensors) {
        traffic = traffic.plus(bytes(tensors));
        return backends.beginSum(tensors);
    }

    /** For a backward pass: its sums on GPUs have ended when this returns. */
    void finishOnGpus() {
        backends.finishOnGpus();
    }

    private static long bytes(List<Tensor> tensors) {
        return tensors.stream().mapToLong(Tensor::nbytes).sum();
    }

    @Override
    public ProcessGroup inMicroBatches(int count) {
        // the order of two terms does not matter
        return new MicroBatches(this, size() <= 2 ? this::begin : this::beginInOrder, count);
    }

    /**
     * As {@link #begin}, but sums over the processes in the order of {@link PairwiseSum}. The sum runs while the caller
     * waits.
     */
    private Pending<List<Tensor>> beginInOrder(String what, List<Tensor> tensors) {
        return () -> communicate(what, bytes(tensors), () -> {
            backends.sumInOrder(tensors);
            return tensors;
        });
    }

    @Override
    public Pending<Tensor> gather(String what, Tensor own, LocalBatch local, int total) {
        return rows.begin(what, own, local, total);
    }

    @Override
    public byte[] broadcast(String what, byte[] bytes) {
        try (PointerScope scope = new PointerScope()) {
            Tensor length = zeros(ScalarType.Long, 1);
            if (isFirst()) {
                length.data_ptr_long().put(bytes.length);
            }
            communicate(what, Long.BYTES, () -> broadcast(length));
            byte[] values = isFirst() ? bytes : new byte[Math.toIntExact(length.item_long())];
            if (values.length > 0) {
                Tensor content = zeros(ScalarType.Byte, values.length);
                BytePointer memory = new BytePointer(content.data_ptr()).capacity(values.length);
                memory.put(values);
                communicate(what, values.length, () -> broadcast(content));
                memory.get(values);
            }
            return values;
        }
    }

    private Object broadcast(Tensor tensor) {
        backends.broadcast(tensor);
        return null;
    }

    @Override
    public void requireSame(String what, MessageDigest content, String advice) {
        byte[] digest = content.digest();
        byte[][] all = new byte[size()][digest.length];
        try (PointerScope scope = new PointerScope()) {
            Tensor digests = zeros(ScalarType.Byte, size(), digest.length);
            BytePointer memory = new BytePointer(digests.data_ptr()).capacity(digests.numel());
            memory.position((long) index() * digest.length).put(digest);
            sum("comparing whether " + what + " the same", List.of(digests));
            for (int index = 0; index < size(); index++) {
                memory.position((long) index * digest.length).get(all[index]);
            }
        }
        List<String> others = new ArrayList<>();
        for (int index = 1; index < size(); index++) {
            if (!Arrays.equals(all[index], all[0])) {
                others.add(String.valueOf(index));
            }
        }
        if (!others.isEmpty()) {
            throw new UserError(what + " not the same on every process: process " + String.join(", ", others)
                    + " differs from process 0; " + advice);
        }
    }

    private static Tensor zeros(ScalarType type, long... shape) {
        return torch.zeros(shape, new TensorOptions(type));
    }

    @Override
    public GradientSum gradients(List<Tensor> parameters) {
        return new ReducedGradients(this, backends.processGroup(), parameters);
    }

    /**
     * Runs a communication. If the communication fails, the error names the missing process; any other error is thrown
     * unchanged.
     */
    <T> T communicate(String what, long bytes, Supplier<T> communication) {
        heartbeat.begins(what);
        traffic = traffic.plus(bytes);
        return watched(what, communication);
    }

    private <T> T watched(String what, Supplier<T> communication) {
        try {
            return communication.get();
        } catch (RuntimeException e) {
            if (!CONNECTION.matcher(String.valueOf(e.getMessage())).find()) {
                throw e;
            }
            broken = true;
            throw lost(place, heartbeat, what, e);
        }
    }

    /** Whether a process is lost. The group's objects then stay open until the process ends. */
    boolean isBroken() {
        return broken;
    }

    private static LostProcess lost(Rendezvous place, Heartbeat heartbeat, String what, RuntimeException e) {
        return new LostProcess(
                String.format(
                        Locale.ROOT,
                        "%s; process %d waited for it in %s (%s)",
                        heartbeat.lost(),
                        place.index(),
                        what,
                        firstLine(e)),
                e);
    }

    /** The message of a C++ error without its source location. */
    static String firstLine(RuntimeException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("").replaceFirst("^\\[.*?\\] ", "");
    }

    @Override
    public Traffic traffic() {
        return traffic;
    }

    @Override
    public void leave(String reason) {
        if (!broken) {
            broken = true;
            heartbeat.leave(reason.lines().findFirst().orElse(""), backends::disconnect);
        }
    }

    @Override
    public void close() {
        if (broken) {
            return; // closing waits for the lost processes; ending this process does not
        }
        heartbeat.close();
        rows.close();
        backends.close();
    }
}
