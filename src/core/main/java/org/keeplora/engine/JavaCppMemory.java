package org.keeplora.engine;

/** JavaCPP's limits of a process's memory, which make an allocation fail though the machine has room. */
final class JavaCppMemory {
    /** System property with the limit of physical bytes, by default a multiple of Java's heap; 0 for none. */
    static final String PHYSICAL = "org.bytedeco.javacpp.maxPhysicalBytes";

    private JavaCppMemory() {}

    /** What was lacking, and what to set. */
    static String advice(OutOfMemoryError error) {
        Throwable cause = error;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return "not enough memory (" + cause.getMessage() + "); CUDA's libraries count as memory of the process: give"
                + " its JVM more with -D" + PHYSICAL + "=BYTES, or 0 for no limit";
    }
}
