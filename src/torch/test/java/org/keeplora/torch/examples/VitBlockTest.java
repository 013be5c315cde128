package org.keeplora.torch.examples;

final class VitBlockTest extends TokenTasksContract {
    @Override
    Classifier network() {
        return new VitBlock();
    }
}
