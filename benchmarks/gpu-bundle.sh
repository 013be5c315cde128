#!/usr/bin/env bash
# Makes one archive that tests and times the CUDA backend on a Linux x86-64 machine with CUDA 13 but without Java and network: a Java
# runtime, the libraries, our classes and kernels, the tests, the benchmarks, and run.sh, which says there what to do with them.
#
# usage: benchmarks/gpu-bundle.sh [OUT.tar.xz]     by default target/keeplora-gpu.tar.xz
# Needs, here: a JDK from 17 on (JAVA_HOME, else the one of java on the PATH), Maven, nvcc 13, CMake, xz. Needs no GPU.
set -euo pipefail

# What fits beside a checkout where an upload is limited to 64 MiB.
largest_mib=56

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
out=$(readlink -m "${1:-$home/target/keeplora-gpu.tar.xz}")
work=$home/target/gpu-bundle
bundle=$work/keeplora-gpu
jdk=${JAVA_HOME:-$(dirname "$(dirname "$(readlink -f "$(command -v java || echo /none/bin/java)")")")}

fail() {
    echo "gpu-bundle: $*" >&2
    exit 1
}

say() {
    echo "gpu-bundle: $*" >&2
}

# Every obstacle at once, before minutes are spent on building.
check_tools() {
    local missing=() tool
    for tool in mvn nvcc g++ cmake xz; do
        command -v "$tool" >/dev/null || missing+=("$tool on the PATH")
    done
    for tool in jlink jar; do
        [ -x "$jdk/bin/$tool" ] || missing+=("$tool in $jdk/bin (a JDK, not a JRE)")
    done
    [ -d "$jdk/jmods" ] || missing+=("the folder $jdk/jmods, from which jlink takes the runtime")
    [ -f "$home/native/bench/CMakeLists.txt" ] || missing+=("native/bench, which times the kernels")
    [ -f "$home/benchmarks/main/java/org/keeplora/bench/Bench.java" ] || missing+=("org.keeplora.bench.Bench, which runs the suites")
    [ "${#missing[@]}" = 0 ] || fail "missing: $(printf '%s; ' "${missing[@]}")nothing was made"
}

# Prints the path of a jar on the class path that the build wrote: of the library, or of its native half.
jar_of() {
    local name=$1 classifier=${2:-} found
    found=$(tr ':' '\n' <"$home/benchmarks/target/classpath.txt" | grep -E "/$name-[0-9][^/]*\.jar$" \
        | if [ -n "$classifier" ]; then grep -- "-$classifier\.jar$"; else grep -v -- '-linux-[^/]*\.jar$'; fi | head -n 1 || true)
    [ -n "$found" ] || fail "no jar of $name${classifier:+ for $classifier} on the class path of the benchmarks"
    echo "$found"
}

build_java() {
    say "building classes and kernels"
    (cd "$home" && mvn -q -B -ntp -DskipTests -Dassembly.skipAssembly -pl benchmarks -am package)
}

# Libraries as Maven delivered them. javacpp, openblas and cuda are what engine and method need; the rest is JMH and its reader.
copy_jars() {
    local name
    for name in javacpp openblas cuda jmh-core jopt-simple commons-math3 jackson-core jackson-databind jackson-annotations; do
        cp "$(jar_of "$name")" "$bundle/lib/"
    done
    cp "$(jar_of javacpp linux-x86_64)" "$bundle/lib/"
    natives openblas libopenblas.so.0 libgfortran.so.5 libquadmath.so.0 libgcc_s.so.1 \
        libjniopenblas_nolapack.so libjniopenblas.so libjniopenblas_full.so
    natives cuda libjnicudart.so libjnicublas.so libjnicusolver.so libjnicusparse.so
    local platform
    platform=$(sed -n 's|.*<junit\.version>5\.\(.*\)</junit\.version>.*|1.\1|p' "$home/pom.xml")
    (cd "$home" && mvn -q -B -ntp -N dependency:copy -DoutputDirectory="$bundle/lib" \
        -Dartifact="org.junit.platform:junit-platform-console-standalone:$platform")
}

# Repacks of a jar with native libraries those that we load, uncompressed: cuda has 26 of which we load four, and xz packs plain files to
# half of what it makes of compressed ones.
natives() {
    local name=$1 source
    shift
    source=$(jar_of "$name" linux-x86_64)
    rm -rf "$work/natives"
    mkdir -p "$work/natives"
    (cd "$work/natives" && "$jdk/bin/jar" --extract --file "$source" "${@/#/org/bytedeco/$name/linux-x86_64/}")
    local library
    for library in "$@"; do
        [ -f "$work/natives/org/bytedeco/$name/linux-x86_64/$library" ] || fail "$source has no $library"
    done
    "$jdk/bin/jar" --create --no-compress --file "$bundle/lib/$(basename "$source")" -C "$work/natives" org
}

# The build put libjniKlr.so among the classes, where JavaCPP's loader looks for it. Here the tests and the bench of the kernels, and the
# library that they need. Compiling for all GPUs takes minutes, so the objects stay for the next time; executables do not, lest one
# whose source is gone be packed.
build_native() {
    [ -f "$home/src/core/target/classes/org/keeplora/engine/linux-x86_64/libjniKlr.so" ] || fail "the build left no libjniKlr.so among the classes"
    say "building the kernels' tests and bench"
    local build=$home/src/core/target/native/tests kind
    mkdir -p "$build"/{test,bench}
    executables "$build/test" "$build/bench" -delete
    cmake -S "$home/native" -B "$build" -DCMAKE_BUILD_TYPE=Release -DCMAKE_BUILD_WITH_INSTALL_RPATH=ON \
        "-DCMAKE_INSTALL_RPATH=\$ORIGIN/../lib" -DCMAKE_EXE_LINKER_FLAGS="-static-libstdc++ -static-libgcc" \
        -DCMAKE_SHARED_LINKER_FLAGS="-static-libstdc++ -static-libgcc" >"$work/cmake.log" 2>&1 || fail "cmake: $(cat "$work/cmake.log")"
    cmake --build "$build" --parallel "$(nproc)" >"$work/make.log" 2>&1 \
        || fail "compiling native: $(grep -m 5 -i error "$work/make.log"); all in $work/make.log"
    cp "$build/libkeeplora_kernels.so" "$bundle/native/lib/"
    for kind in test bench; do
        executables "$build/$kind" -exec cp {} "$bundle/native/$kind/" \;
        [ -n "$(ls "$bundle/native/$kind")" ] || fail "CMake built no executable in native/$kind"
    done
}

# executables FOLDER... ACTION: find's action on each executable that CMake links in these folders.
executables() {
    local folders=()
    while [ -d "$1" ]; do
        folders+=("$1")
        shift
    done
    find "${folders[@]}" -maxdepth 1 -type f -perm -u+x ! -name '*.so' "$@"
}

# Our classes as one jar each: core with the versions of its libraries, core's tests with the eigenproblem solvers that only the benchmarks
# use, and the benchmarks that need no more than these.
pack_classes() {
    mkdir -p "$work/classes/org/keeplora/cli"
    cp -r "$home/src/core/target/classes/org" "$work/classes/"
    cp "$home/src/app/target/classes/org/keeplora/cli/versions.properties" "$work/classes/org/keeplora/cli/"
    "$jdk/bin/jar" --create --no-compress --file "$bundle/lib/keeplora4j-core.jar" -C "$work/classes" .

    mkdir -p "$work/tests/org/keeplora"
    cp -r "$home"/src/core/target/test-classes/org/keeplora/{engine,method,testing} "$work/tests/org/keeplora/"
    cp -r "$home"/src/core/target/test-classes/{META-INF,junit-platform.properties} "$work/tests/"
    # It tests the artifact as a module, which this jar is not.
    rm "$work"/tests/org/keeplora/engine/ModulePathTest*.class
    leave_out "$work/tests" 'com/tngtech/'
    "$jdk/bin/jar" --create --no-compress --file "$bundle/lib/keeplora4j-core-tests.jar" -C "$work/tests" .

    cp -r "$home/benchmarks/target/classes" "$work/benchmarks"
    local libraries='org/bytedeco/(pytorch|opencv)/|org/knowm/|com/twelvemonkeys/|ai/djl/'
    local rooms='org/keeplora/(bench/distributed|clip|data|distributed|report|store|torch|train)/'
    leave_out "$work/benchmarks" "$libraries|$rooms"
    [ -f "$work/benchmarks/org/keeplora/bench/Bench.class" ] || fail "org.keeplora.bench.Bench itself needs a library that is left out"
    [ -f "$work/benchmarks/org/keeplora/bench/EigenSolverBenchmark.class" ] || fail "EigenSolverBenchmark needs a library that is left out"
    "$jdk/bin/jar" --create --no-compress --file "$bundle/lib/keeplora4j-benchmarks.jar" -C "$work/benchmarks" .
}

# leave_out FOLDER ABSENT: a class that names a library or a part of the program which is not in the bundle goes, with its nested classes,
# what JMH generated for it, and its line in JMH's list. JMH's generated classes lie in a package of their own.
leave_out() {
    local folder=$1 absent=$2 class
    (
        cd "$folder"
        { grep -rlE --include='*.class' "$absent" . || true; } | sed -e 's|^\./||' -e 's|\.class$||' -e 's|\$.*||' \
            -e 's|/jmh_generated/\([^_/]*\)_[^/]*$|/\1|' | sort -u >"$folder.left-out"
        while read -r class; do
            rm -f "$class.class" "$class"\$*.class "$(dirname "$class")/jmh_generated/$(basename "$class")"_*.class
            [ ! -f META-INF/BenchmarkList ] || sed -i "/ ${class//\//\\.} /d" META-INF/BenchmarkList
        done <"$folder.left-out"
    )
}

# The modules that our classes, JavaCPP, JMH (management, for its forks), JUnit's console (xml, for its reports) and Jackson use. jdeps
# also names java.desktop and java.sql, for types that Jackson and JUnit look up and do without. Not compressed: xz is better at it.
link_runtime() {
    "$jdk/bin/jlink" --module-path "$jdk/jmods" --output "$bundle/runtime" --strip-debug --no-header-files --no-man-pages \
        --add-modules java.base,java.compiler,java.logging,java.management,java.xml,jdk.management,jdk.unsupported,jdk.zipfs
}

write_version() {
    local commit changes
    commit=$(git -C "$home" rev-parse HEAD 2>/dev/null || echo unknown)
    changes=$(git -C "$home" status --porcelain 2>/dev/null | wc -l)
    {
        echo "commit   $commit$([ "$changes" = 0 ] || echo " with $changes changed or new files")"
        echo "made     $(date -u +%Y-%m-%dT%H:%M:%SZ)"
        echo "java     $("$bundle/runtime/bin/java" -version 2>&1 | sed -n 2p)"
        echo "nvcc     $(nvcc --version | sed -n 's/.*release \(.*\)/\1/p')"
        echo "maven    $(mvn -B --version | sed -n '1s/.*Maven \([0-9.]*\).*/\1/p')"
        (cd "$bundle/lib" && ls -- *-[0-9]*.jar) | sed 's/^/jar      /'
        sed 's/^/left out /' "$work"/*.left-out
    } >"$bundle/VERSION"
}

# That the runtime has every module and the repacked jars every library: tests that need no GPU, and one benchmark in a JVM that JMH
# starts, with nothing of this machine's.
try_bundle() {
    say "trying the bundle's runtime and libraries"
    local java=(env -i PATH=/usr/bin:/bin OMP_WAIT_POLICY=passive "$bundle/runtime/bin/java" -cp "$bundle/lib/*" -Xmx1g -XX:-UsePerfData
        -Dorg.bytedeco.javacpp.cachedir="$work/javacpp" --enable-native-access=ALL-UNNAMED)
    "${java[@]}" org.junit.platform.console.ConsoleLauncher execute --disable-banner --disable-ansi-colors --details=tree \
        --fail-if-no-tests --scan-classpath "$bundle/lib/keeplora4j-core-tests.jar" --include-classname '.*\.(Cpu\w*|CudaSurvey\w*)Test' \
        >"$work/tests.log" 2>&1 || fail "tests that need no GPU fail in the bundle: $work/tests.log"
    "${java[@]}" org.keeplora.bench.Bench --quick --backend cpu --param shape=VIT_B16_SITE --param type=F32 --commit trial \
        --out "$work/trial" ProjectOut >"$work/trial.log" 2>&1 || fail "a benchmark fails in the bundle: $work/trial.log"
}

pack() {
    mkdir -p "$(dirname "$out")"
    tar -C "$work" --sort=name --owner=0 --group=0 --numeric-owner -cf - keeplora-gpu | xz -6 -T0 >"$out"
    local bytes
    bytes=$(stat -c %s "$out")
    say "$out: $(awk -v bytes="$bytes" 'BEGIN { printf "%.1f", bytes / 1048576 }') MiB, $(du -sm "$bundle" | cut -f1) MiB unpacked"
    [ "$bytes" -le $((largest_mib * 1048576)) ] || fail "larger than $largest_mib MiB"
}

check_tools
rm -rf "$work"
mkdir -p "$bundle"/{lib,native/lib,native/test,native/bench}
build_java
copy_jars
build_native
pack_classes
link_runtime
cp "$home/benchmarks/gpu/run.sh" "$home/benchmarks/gpu/peer.py" "$home/LICENSE" "$bundle/"
write_version
try_bundle
pack
