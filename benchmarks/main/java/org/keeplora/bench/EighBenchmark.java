package org.keeplora.bench;

import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;

/** The eigenproblems that {@code PrincipalSubspace.ofWeights} solves before the first task. */
public class EighBenchmark extends EigenproblemSuite {
    @Param({"VIT_B16_SITE", "VIT_B16_BLOCK", "VIT_B16_MODEL"})
    public ModelShape shape;

    @Override
    List<SiteShape> sites() {
        return shape.sites();
    }

    @Benchmark
    public double eigh() {
        return side().shot();
    }
}
