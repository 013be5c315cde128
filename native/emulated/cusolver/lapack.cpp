#include "cusolver/lapack.h"

#include <cstdlib>
#include <string>

#include <dlfcn.h>

namespace emulated {
namespace {

void* openLibrary() {
    const char* named = getenv("KEEPLORA_EMULATED_LAPACK");
    if (named != nullptr && *named != 0) return dlopen(named, RTLD_LAZY);
    if (void* loaded = dlopen("libopenblas.so.0", RTLD_LAZY | RTLD_NOLOAD)) return loaded;
    if (void* found = dlopen("libopenblas.so.0", RTLD_LAZY)) return found;
    return dlopen("liblapack.so.3", RTLD_LAZY);
}

/* Kept once found; looked for again as long as it is not, since a program may load OpenBLAS late. */
void* library() {
    static void* found = nullptr;
    if (found == nullptr) found = openLibrary();
    return found;
}

template <class Function>
void resolve(Call& call, int missing, Function*& place, const std::string& symbol) {
    place = reinterpret_cast<Function*>(dlsym(library(), symbol.c_str()));
    if (place == nullptr) call.unsupported(missing, "the LAPACK that was found has no %s", symbol.c_str());
}

template <class T>
Lapack<T> resolveAll(Call& call, int missing) {
    const std::string type = sizeof(T) == 8 ? "d" : "s";
    Lapack<T> all{};
    resolve(call, missing, all.syevd, type + "syevd_");
    resolve(call, missing, all.gesvd, type + "gesvd_");
    resolve(call, missing, all.geqrf, type + "geqrf_");
    resolve(call, missing, all.orgqr, type + "orgqr_");
    resolve(call, missing, all.ormqr, type + "ormqr_");
    resolve(call, missing, all.potrf, type + "potrf_");
    return all;
}

}  // namespace

template <class T>
const Lapack<T>& lapack(Call& call, int missing) {
    if (library() == nullptr) {
        call.unsupported(missing,
                         "decompositions without LAPACK; load JavaCPP's openblas first, put libopenblas.so.0 on LD_LIBRARY_PATH, or name the "
                         "file by KEEPLORA_EMULATED_LAPACK");
    }
    static const Lapack<T> all = resolveAll<T>(call, missing);
    return all;
}

template const Lapack<float>& lapack(Call&, int);
template const Lapack<double>& lapack(Call&, int);

}  // namespace emulated
