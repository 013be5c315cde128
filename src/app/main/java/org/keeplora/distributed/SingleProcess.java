package org.keeplora.distributed;

import java.security.MessageDigest;
import java.util.List;
import org.bytedeco.pytorch.Tensor;

/** A group of one process: a sum is the value itself, and nothing is sent. */
final class SingleProcess implements ProcessGroup {
    private static final GradientSum PLAIN = new GradientSum() {
        @Override
        public void backward(Pending<Tensor> common, PartLoss loss) {
            loss.of(0, common).backward();
        }

        @Override
        public void close() {}
    };

    @Override
    public int index() {
        return 0;
    }

    @Override
    public int size() {
        return 1;
    }

    @Override
    public int localSize() {
        return 1;
    }

    @Override
    public ProcessGroup inMicroBatches(int count) {
        return new MicroBatches(this, this::begin, count);
    }

    @Override
    public void joinOnGpus() {}

    @Override
    public Pending<List<Tensor>> begin(String what, List<Tensor> tensors) {
        return () -> tensors;
    }

    @Override
    public Pending<Tensor> gather(String what, Tensor own, LocalBatch local, int total) {
        return () -> own;
    }

    @Override
    public byte[] broadcast(String what, byte[] bytes) {
        return bytes;
    }

    @Override
    public void requireSame(String what, MessageDigest digest, String advice) {}

    @Override
    public GradientSum gradients(List<Tensor> parameters) {
        return PLAIN;
    }

    @Override
    public Traffic traffic() {
        return Traffic.NONE;
    }

    @Override
    public void leave(String reason) {}

    @Override
    public void close() {}
}
