package org.keeplora.torch.examples;

final class DecoderTest extends TokenTasksContract {
    @Override
    Classifier network() {
        return new Decoder();
    }
}
