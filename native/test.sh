#!/bin/sh
# Builds and runs the native tests on the host: our kernels against plain loops, as they are, under the address sanitizer and under the thread
# sanitizer, and the emulated CUDA under the address sanitizer.
#
#   native/test.sh OUT OPENBLAS_JAR PLATFORM    OUT for what is built; the jar beside OPENBLAS_JAR for PLATFORM, as JavaCPP names it, brings the
#                                               LAPACK of the emulated cuSOLVER
#
# Where a tool is missing, one line says what is skipped, and that is no failure.
set -eu
out=$1
openblas=${2%.jar}-$3.jar
here=$(dirname "$(readlink -f "$0")")

for tool in cmake ctest g++; do
    if ! command -v "$tool" >/dev/null 2>&1; then
        echo "native: tests skipped: $tool is not installed"
        exit 0
    fi
done
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
home=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p')

suite() { # NAME SOURCE OPTION...
    name=$1 source=$2
    shift 2
    folder=$out/$name
    { cmake -S "$source" -B "$folder" "$@" && cmake --build "$folder" -j 2; } >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
    ctest --test-dir "$folder" --output-on-failure >"$folder.log" 2>&1 || { cat "$folder.log"; exit 1; }
    echo "native: $name: $(grep 'tests passed' "$folder.log")"
}
mkdir -p "$out/lapack"
(cd "$out/lapack" && "$home/bin/jar" xf "$openblas" org/bytedeco/openblas)
lapack=$(find "$out/lapack" -name 'libopenblas.so.0')

suite kernels "$here" -DKLR_EMULATED=ON
suite kernels-address "$here" -DKLR_EMULATED=ON -DKLR_SANITIZE=address
suite kernels-thread "$here" -DKLR_EMULATED=ON -DKLR_SANITIZE=thread
suite emulated-cuda "$here/emulated" -DEMULATED_SANITIZE=address -DEMULATED_LAPACK="$lapack"
