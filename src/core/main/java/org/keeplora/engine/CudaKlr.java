package org.keeplora.engine;

import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.DoublePointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.annotation.Cast;
import org.bytedeco.javacpp.annotation.Name;
import org.bytedeco.javacpp.annotation.NoException;
import org.bytedeco.javacpp.annotation.Platform;

/**
 * Our own CUDA kernels. {@code native/include/klr.h} documents them. A batch is a {@link CudaProblemTable} in host
 * memory; every function returns a status for {@link #check}.
 */
@Platform(include = "klr.h", library = "jniKlr")
final class CudaKlr {
    /** The KLR_ABI for which this class was written. */
    private static final int ABI = 8;

    private CudaKlr() {}

    /** System property with the path of another build of the kernels, for tests. */
    static final String FILE_PROPERTY = "keeplora.kernels";

    /**
     * Loads the library from the class path.
     *
     * @throws LinkageError if it is absent, or of another version than this class
     */
    static void load() {
        String file = System.getProperty(FILE_PROPERTY);
        if (file == null) {
            Loader.load(CudaKlr.class);
        } else {
            System.load(file);
        }
        if (abi() != ABI) {
            throw new UnsatisfiedLinkError("kernels of version " + abi() + " found, version " + ABI + " needed");
        }
    }

    static void check(String function, int status) {
        if (status != 0) {
            throw new CudaFailure(function, lastError().getString());
        }
    }

    @NoException
    @Name("klr_abi")
    static native int abi();

    @NoException
    @Name("klr_on_device")
    static native int onDevice();

    @NoException
    @Name("klr_last_error")
    static native @Cast("const char*") BytePointer lastError();

    @NoException
    @Name("klr_first_beyond")
    static native @Cast("int") int firstBeyond(
            @Cast("const klr_array*") Pointer arrays,
            @Cast("int64_t") long count,
            @Cast("int64_t*") LongPointer first,
            Pointer stream);

    @NoException
    @Name("klr_magnitudes")
    static native @Cast("int") int magnitudes(
            @Cast("const klr_magnitude_problem*") Pointer problems,
            @Cast("int64_t") long count,
            DoublePointer scratch,
            Pointer stream);

    @NoException
    @Name("klr_mirror")
    static native @Cast("int") int mirror(
            @Cast("const klr_mirror_problem*") Pointer problems, @Cast("int64_t") long count, Pointer stream);

    @NoException
    @Name("klr_combine")
    static native @Cast("int") int combine(
            @Cast("const klr_combine_problem*") Pointer problems, @Cast("int64_t") long count, Pointer stream);

    @NoException
    @Name("klr_random_signs")
    static native @Cast("int") int randomSigns(
            @Cast("const klr_signs_problem*") Pointer problems, @Cast("int64_t") long count, Pointer stream);

    @NoException
    @Name("klr_cholesky_inverse")
    static native @Cast("int") int choleskyInverse(
            @Cast("const klr_cholesky_problem*") Pointer problems, @Cast("int64_t") long count, Pointer stream);

    @NoException
    @Name("klr_energy_rank")
    static native @Cast("int") int energyRank(
            @Cast("const klr_rank_problem*") Pointer problems, @Cast("int64_t") long count, Pointer stream);
}
