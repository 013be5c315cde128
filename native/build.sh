#!/bin/sh
# Builds libjniKlr.so, our kernels with JavaCPP's glue for Java, and for tests the CUDA that is emulated on the host.
#
#   native/build.sh CLASSES JAVACPP_JAR OUT cuda       OUT/libjniKlr.so for GPUs, copied into CLASSES for the jar; needs cmake, g++ and nvcc
#   native/build.sh CLASSES JAVACPP_JAR OUT emulated   OUT/libjniKlr.so for the host, and OUT/lib with the emulated libraries; needs cmake and g++
#
# CLASSES holds org.keeplora.engine.CudaKlr, compiled. Where a tool is missing, one line says what is skipped, and that is no failure.
set -eu
classes=$1
javacpp=$2
out=$3
variant=$4
here=$(dirname "$(readlink -f "$0")")

for tool in cmake g++ $([ "$variant" = cuda ] && echo nvcc); do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "native: $variant kernels skipped: $tool is not installed"
        exit 0
    fi
done
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p')

mkdir -p "$out/glue"
"$java" -cp "$javacpp:$classes" org.bytedeco.javacpp.tools.Builder -classpath "$classes" -nocompile -d "$out/glue" \
    org.keeplora.engine.CudaKlr >"$out/glue.log" 2>&1 || { cat "$out/glue.log"; exit 1; }
build() { # SOURCE FOLDER TARGET OPTION...: quiet unless it fails
    source=$1 folder=$2 target=$3
    shift 3
    { cmake -S "$source" -B "$folder" "$@" && cmake --build "$folder" --target "$target" -j 2; } >"$folder.log" 2>&1 ||
        { cat "$folder.log"; exit 1; }
}
emulated=OFF
[ "$variant" = emulated ] && emulated=ON
JAVA_HOME=$home build "$here" "$out/kernels" jniKlr -DKLR_EMULATED=$emulated -DKLR_GLUE="$out/glue"
cp "$out/kernels/libjniKlr.so" "$out/"
if [ "$variant" = cuda ]; then
    platform=linux-$(uname -m | sed 's/aarch64/arm64/') # as JavaCPP names it
    mkdir -p "$classes/org/keeplora/engine/$platform"
    cp "$out/libjniKlr.so" "$classes/org/keeplora/engine/$platform/"
else
    build "$here/emulated" "$out/cuda" all -DEMULATED_TESTS=OFF -DEMULATED_LIBRARY_DIR="$out/lib"
fi
echo "native: $variant kernels are in $out/libjniKlr.so"
