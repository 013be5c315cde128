/**
 * KeepLoRA for any Java trainer. {@link org.keeplora.learner} is the way in; {@link org.keeplora.engine} computes;
 * {@link org.keeplora.method} holds the variants of the paper's method.
 *
 * <p>Needs JavaCPP and OpenBLAS with their native jars. Uses the CUDA bindings if they are present.
 *
 * <p>The packages named internal are for the modules of this project and may change in any version.
 */
@SuppressWarnings("module") // those modules are built after this one
module org.keeplora.core {
    requires transitive org.bytedeco.javacpp;
    requires org.bytedeco.openblas;
    requires static org.bytedeco.cuda;

    exports org.keeplora.engine;
    exports org.keeplora.learner;
    exports org.keeplora.method;
    exports org.keeplora.engine.internal to
            org.keeplora.djl,
            org.keeplora.torch;
    exports org.keeplora.method.internal to
            org.keeplora.djl,
            org.keeplora.torch;
}
