/**
 * KeepLoRA for trainers on DJL; {@link org.keeplora.djl}.
 *
 * <p>Needs core with its native jars, DJL's API, and an engine of DJL. DJL's API is no module of its own yet: its name
 * is the one in its manifest.
 */
@SuppressWarnings({"requires-automatic", "requires-transitive-automatic"})
module org.keeplora.djl {
    requires transitive org.keeplora.core;
    requires transitive ai.djl.api;

    exports org.keeplora.djl;
}
