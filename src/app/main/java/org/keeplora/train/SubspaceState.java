package org.keeplora.train;

import java.util.ArrayList;
import java.util.List;
import org.keeplora.clip.Site;
import org.keeplora.engine.Linalg;
import org.keeplora.engine.Matrix;
import org.keeplora.method.PrincipalSubspace;
import org.keeplora.store.ArraySource;
import org.keeplora.store.NamedArray;

/** Every site's subspace as arrays: its frame [in x in] float64 as {@code frame/<site>}, and all ranks, in the sites' order. */
final class SubspaceState {
    private static final String FRAME = "frame/";
    private static final String RANKS = "frameRanks";

    private SubspaceState() {}

    static List<NamedArray> of(List<Site> sites, List<PrincipalSubspace> subspaces) {
        List<NamedArray> arrays = new ArrayList<>();
        for (int i = 0; i < sites.size(); i++) {
            Matrix frame = subspaces.get(i).frame();
            arrays.add(NamedArray.of(FRAME + sites.get(i), new long[] {frame.rows(), frame.cols()}, frame.toDoubles()));
        }
        long[] ranks = subspaces.stream().mapToLong(PrincipalSubspace::rank).toArray();
        arrays.add(NamedArray.of(RANKS, new long[] {ranks.length}, ranks));
        return arrays;
    }

    /** Puts the stored subspaces in the places of {@code subspaces}, which are closed. */
    static void restore(Linalg linalg, List<Site> sites, List<PrincipalSubspace> subspaces, ArraySource stored) {
        long[] ranks = stored.get(RANKS).toLongs();
        for (int i = 0; i < sites.size(); i++) {
            NamedArray frame = stored.get(FRAME + sites.get(i));
            int in = (int) frame.shape()[0];
            subspaces.get(i).close();
            subspaces.set(
                    i, PrincipalSubspace.ofFrame(linalg, linalg.adopt(Matrix.copyOf(in, in, frame.toDoubles())), (int)
                            ranks[i]));
        }
    }
}
