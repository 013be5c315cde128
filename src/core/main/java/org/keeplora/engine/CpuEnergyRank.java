package org.keeplora.engine;

import org.bytedeco.javacpp.indexer.DoubleIndexer;
import org.keeplora.engine.internal.EnergyRank;
import org.keeplora.engine.internal.Spectrum;

/** Computes ranks by energy share, in one pass. */
final class CpuEnergyRank {
    private CpuEnergyRank() {}

    static EnergyRank of(Spectrum spectrum) {
        int n = spectrum.energies().rows();
        DoubleIndexer energies = DoubleIndexer.create(spectrum.energies().doubles());
        double left = 0;
        for (int i = 0; i < n; i++) {
            left += Math.max(0, energies.get(i));
        }
        double total = spectrum.moment().map(CpuEnergyRank::trace).orElse(left);
        if (total == 0) {
            return new EnergyRank(0, 1, 1);
        }
        double covered = Math.max(0, total - left);
        double sum = covered;
        int rank = 0;
        while (rank < n && sum < spectrum.share() * total) {
            sum += Math.max(0, energies.get(rank++));
        }
        return new EnergyRank(rank, covered / total, Math.min(1, sum / total));
    }

    private static double trace(Matrix square) {
        double trace = 0;
        for (int i = 0; i < square.rows(); i++) {
            trace += Math.max(0, square.get(i, i));
        }
        return trace;
    }
}
