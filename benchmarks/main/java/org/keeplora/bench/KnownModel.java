package org.keeplora.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.keeplora.engine.Matrix;
import org.keeplora.engine.internal.BatchLinalg;

/**
 * The {@link KnownSite}s of a shape. Sites with the same input use the same frame; four frames serve all inputs of one
 * width.
 */
final class KnownModel implements AutoCloseable {
    private static final int FRAMES = 4;

    private final List<SiteShape> shapes;
    private final List<KnownSite> sites = new ArrayList<>();
    private final Map<SiteShape, KnownSite> distinct = new HashMap<>();
    /** By width and number. */
    private final Map<List<Integer>, Matrix> frames = new HashMap<>();

    KnownModel(BatchLinalg host, List<SiteShape> shapes) {
        this.shapes = shapes;
        for (SiteShape shape : shapes) {
            SiteShape kind = new SiteShape(
                    shape.width(), shape.protectedDirections(), shape.input() % FRAMES, shape.seat(), shape.energies());
            Matrix frame = frames.computeIfAbsent(
                    List.of(kind.width(), kind.input()),
                    its -> Probe.orthonormal(host, kind.width(), kind.width(), kind.input()));
            sites.add(distinct.computeIfAbsent(kind, its -> new KnownSite(host, its, frame)));
        }
    }

    int size() {
        return sites.size();
    }

    SiteShape shape(int site) {
        return shapes.get(site);
    }

    KnownSite site(int site) {
        return sites.get(site);
    }

    @Override
    public void close() {
        distinct.values().forEach(KnownSite::close);
        frames.values().forEach(Matrix::close);
    }
}
