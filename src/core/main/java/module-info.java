/**
 * KeepLoRA on matrices, for any Java trainer. {@link org.keeplora.engine} computes; {@link org.keeplora.method} holds
 * the method of the paper.
 *
 * <p>Needs JavaCPP and OpenBLAS with their native jars. Uses the CUDA bindings if they are present.
 */
module org.keeplora.core {
    requires transitive org.bytedeco.javacpp;
    requires org.bytedeco.openblas;
    requires static org.bytedeco.cuda;

    exports org.keeplora.engine;
    exports org.keeplora.learner;
    exports org.keeplora.method;
}
