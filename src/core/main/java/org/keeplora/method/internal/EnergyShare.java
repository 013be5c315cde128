package org.keeplora.method.internal;

/** Checks shares of energy. */
final class EnergyShare {
    private EnergyShare() {}

    /** Checks the share that {@code operation} is to reach. */
    static void require(String operation, double share) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException(
                    operation + ": share of the energy is " + share + "; it must lie in [0, 1]");
        }
    }
}
