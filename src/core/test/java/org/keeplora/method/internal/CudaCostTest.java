package org.keeplora.method.internal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.keeplora.engine.CudaDevice;
import org.keeplora.engine.EmulatedCuda;
import org.keeplora.engine.EmulatedCuda.Cost;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;
import org.keeplora.method.Switches;

/**
 * What a batch of ragged sites asks of the device: each has its own, odd k. Counted on the emulated device, with memory
 * kept from a first batch of the same sizes. A bound that holds for few and for many sites shows that no step goes site
 * by site.
 */
@Tag("native")
final class CudaCostTest extends MethodContract {
    private static final int RANK = 4;
    private static final double SHARE = 0.9;
    /** Wide enough for the search for few directions. */
    private static final int WIDE = 420;

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

    /** Protects {@code least} directions at the first site, and two more at each other. */
    private List<PrincipalSubspace> subspaces(int in, int sites, int least) {
        Matrix identity = identity(in);
        return IntStream.range(0, sites)
                .mapToObj(site -> keep(linalg.columns(identity, 0, least + 2 * site)))
                .map(basis -> keep(PrincipalSubspace.ofBasis(linalg, basis)))
                .toList();
    }

    /** All are decomposed, in batches of few sizes; then they store M or Q. */
    @ParameterizedTest
    @CsvSource({"8, 70, 36, 11", "20, 109, 53, 14"})
    void growthOfNarrowInputs(int sites, long calls, long launches, long waits) {
        Matrix moment = momentOf(decaying(SAMPLES, IN, 1));
        List<PrincipalSubspace> first = subspaces(IN, sites, 1);
        List<PrincipalSubspace> second = subspaces(IN, sites, 1);
        assertAtMost(
                new Cost(calls, launches, waits), () -> grow(first, moment, SHARE), () -> grow(second, moment, SHARE));
    }

    /** Energies fall slowly from direction to direction. */
    private Matrix slowlyFalling() {
        double[] square = new double[WIDE * WIDE];
        for (int i = 0; i < WIDE; i++) {
            square[i * WIDE + i] = Math.pow(1 + i, -0.6);
        }
        return keep(linalg.adopt(Matrix.copyOf(WIDE, WIDE, square)));
    }

    private static double energy(int directions) {
        return IntStream.range(0, directions)
                .mapToDouble(i -> Math.pow(1 + i, -0.6))
                .sum();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 9})
    void growthByNothing(int sites) {
        Matrix moment = slowlyFalling();
        List<PrincipalSubspace> subspaces = subspaces(WIDE, sites, 131);
        Runnable batch = () -> grow(subspaces, moment, energy(100) / energy(WIDE));
        assertAtMost(new Cost(22, 14, 4), batch, batch);
    }

    /** By a search for the few directions; all sites store M. */
    @ParameterizedTest
    @ValueSource(ints = {2, 3})
    void growthByFewDirections(int sites) {
        Matrix moment = slowlyFalling();
        double share = energy(101 + 2 * sites + 3) / energy(WIDE);
        List<PrincipalSubspace> first = subspaces(WIDE, sites, 101);
        List<PrincipalSubspace> second = subspaces(WIDE, sites, 101);
        assertAtMost(new Cost(785, 241, 58), () -> grow(first, moment, share), () -> grow(second, moment, share));
    }

    /** Decomposed in coordinates of Q; some sites store M afterwards and some Q. */
    @ParameterizedTest
    @CsvSource({"2, 40, 24, 8", "4, 54, 30, 8"})
    void growthNearHalf(int sites, long calls, long launches, long waits) {
        Matrix moment = slowlyFalling();
        int least = WIDE / 2 - 7;
        double share = energy(least + 2 * sites - 1) / energy(WIDE);
        List<PrincipalSubspace> first = subspaces(WIDE, sites, least);
        List<PrincipalSubspace> second = subspaces(WIDE, sites, least);
        assertAtMost(
                new Cost(calls, launches, waits), () -> grow(first, moment, share), () -> grow(second, moment, share));
    }

    private void grow(List<PrincipalSubspace> subspaces, Matrix moment, double share) {
        PrincipalSubspace.extend(
                linalg,
                subspaces.stream()
                        .map(subspace -> new PrincipalSubspace.Extension(subspace, moment))
                        .toList(),
                share);
    }

    @Test
    void start() {
        List<PrincipalSubspace> subspaces = subspaces(IN, 8, 1);
        Matrix gradient = decaying(IN, OUT, 2);
        List<LoraStart> starts = subspaces.stream()
                .map(subspace -> new LoraStart(subspace, gradient, 1))
                .toList();
        Runnable batch = () -> LoraStart.factors(linalg, starts, RANK, Switches.StartB.GRADIENT)
                .forEach(LoraFactors::close);
        assertAtMost(new Cost(134, 51, 8), batch, batch);
    }

    /** A widened copy and a product for every input. */
    @ParameterizedTest
    @ValueSource(ints = {8, 20})
    void secondMoments(int inputs) {
        List<SecondMoment.Update> updates = IntStream.range(0, inputs)
                .mapToObj(input -> new SecondMoment.Update(
                        keep(new SecondMoment(linalg, IN)), decaying(SAMPLES + 2 * input, IN, input)))
                .toList();
        Runnable batch = () -> SecondMoment.add(linalg, updates);
        assertAtMost(new Cost(2 + inputs, 2 + inputs, 1), batch, batch);
    }
}
