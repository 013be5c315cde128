package org.keeplora.clip;

import java.util.Comparator;
import java.util.Locale;

/**
 * One adapted linear map; the key of everything that is stored per weight.
 *
 * @param block counted from 0
 */
public record Site(Tower tower, int block, AttentionProjection projection) implements Comparable<Site> {
    private static final Comparator<Site> ORDER =
            Comparator.comparing(Site::tower).thenComparing(Site::block).thenComparing(Site::projection);

    /** The site of the same linear map with projection number {@code part}. */
    Site withPart(int part) {
        return projection == AttentionProjection.O ? this : new Site(tower, block, AttentionProjection.values()[part]);
    }

    /** The input of the site: q, k and v of a block share one. */
    public SiteInput input() {
        return new SiteInput(
                tower, block, projection == AttentionProjection.O ? SiteInput.Reader.O : SiteInput.Reader.QKV);
    }

    @Override
    public int compareTo(Site other) {
        return ORDER.compare(this, other);
    }

    /** For example "vision.3.q". */
    @Override
    public String toString() {
        return (tower + "." + block + "." + projection).toLowerCase(Locale.ROOT);
    }
}
