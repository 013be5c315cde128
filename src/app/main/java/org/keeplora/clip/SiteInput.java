package org.keeplora.clip;

/**
 * One input of adapted linear maps.
 *
 * @param block counted from 0
 * @param reader which maps read it
 */
public record SiteInput(Tower tower, int block, Reader reader) {
    /** Which linear maps of an attention layer read an input. */
    public enum Reader {
        /** Query, key and value read the normalised residual stream. */
        QKV,
        /** The output projection reads the attended values. */
        O
    }
}
