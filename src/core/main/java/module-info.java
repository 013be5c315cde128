/**
 * KeepLoRA on matrices, for any Java trainer: {@link org.keeplora.engine} computes, {@link org.keeplora.method} is the
 * paper.
 *
 * <p>Needs JavaCPP and OpenBLAS with their native jars; the bindings of CUDA are used where they are present.
 */
module org.keeplora.core {
    requires transitive org.bytedeco.javacpp;
    requires org.bytedeco.openblas;
    requires static org.bytedeco.cuda;

    exports org.keeplora.engine;
    exports org.keeplora.method;
}
