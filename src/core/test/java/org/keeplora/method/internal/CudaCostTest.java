package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.CudaDevice;
import org.keeplora.engine.EmulatedCuda;
import org.keeplora.engine.EmulatedCuda.Cost;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.Switches;

/**
 * What a batch of ragged sites asks of the device: each has its own, odd k. Counted on the emulated device, with memory
 * kept from a first batch of the same sizes.
 */
@Tag("native")
final class CudaCostTest extends MethodContract {
    private static final int SITES = 8;
    private static final int RANK = 4;
    private static final double SHARE = 0.9;

    @Override
    BatchLinalg open() {
        EmulatedCuda.open();
        return CudaDevice.openKeepingMemory();
    }

    /** @param first the batch from which memory is kept */
    private static void assertAtMost(Cost most, Runnable first, Runnable second) {
        first.run();
        Cost cost = EmulatedCuda.open().costOf(second);
        assertTrue(
                cost.calls() <= most.calls() && cost.launches() <= most.launches() && cost.waits() <= most.waits(),
                cost + " but at most " + most);
    }

    /** Protects 1, 3, 5 and so on of the directions. */
    private List<PrincipalSubspace> subspaces() {
        Matrix identity = identity(IN);
        return IntStream.range(0, SITES)
                .mapToObj(site -> keep(linalg.columns(identity, 0, 2 * site + 1)))
                .map(basis -> keep(PrincipalSubspace.ofBasis(linalg, basis)))
                .toList();
    }

    @Test
    void growth() {
        Matrix moment = momentOf(decaying(SAMPLES, IN, 1));
        List<PrincipalSubspace> first = subspaces();
        List<PrincipalSubspace> second = subspaces();
        assertAtMost(new Cost(115, 72, 14), () -> grow(first, moment), () -> grow(second, moment));
    }

    private void grow(List<PrincipalSubspace> subspaces, Matrix moment) {
        PrincipalSubspace.extend(
                linalg,
                subspaces.stream()
                        .map(subspace -> new PrincipalSubspace.Extension(subspace, moment))
                        .toList(),
                SHARE);
    }

    @Test
    void start() {
        List<PrincipalSubspace> subspaces = subspaces();
        Matrix gradient = decaying(IN, OUT, 2);
        List<LoraStart> starts = subspaces.stream()
                .map(subspace -> new LoraStart(subspace, gradient, 1))
                .toList();
        Runnable batch = () -> LoraStart.factors(linalg, starts, RANK, Switches.StartB.GRADIENT)
                .forEach(LoraFactors::close);
        assertAtMost(new Cost(134, 51, 8), batch, batch);
    }

    @Test
    void secondMoments() {
        List<SecondMoment.Update> updates = IntStream.range(0, SITES)
                .mapToObj(site -> new SecondMoment.Update(
                        keep(new SecondMoment(linalg, IN)), decaying(SAMPLES + 2 * site, IN, site)))
                .toList();
        Runnable batch = () -> SecondMoment.add(linalg, updates);
        assertAtMost(new Cost(10, 10, 1), batch, batch);
    }
}
