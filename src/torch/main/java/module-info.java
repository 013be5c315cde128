/**
 * KeepLoRA for trainers on JavaCPP's PyTorch; {@link org.keeplora.torch}.
 *
 * <p>Needs core and JavaCPP's PyTorch with their native jars. Uses the CUDA bindings if they are present.
 */
module org.keeplora.torch {
    requires transitive org.keeplora.core;
    requires transitive org.bytedeco.pytorch;
    requires static org.bytedeco.cuda;

    exports org.keeplora.torch;
}
