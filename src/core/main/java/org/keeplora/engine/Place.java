package org.keeplora.engine;

/** Where a matrix's memory lies. */
public enum Place {
    /** Memory that the JVM can read. */
    HOST,
    /** Memory of a GPU; {@link Matrix#toHost} copies it. */
    DEVICE
}
