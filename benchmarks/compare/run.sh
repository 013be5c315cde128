#!/bin/sh
# Times the engine's operations beside numpy, EJML and netlib: M'G, G - M(M'G), start, moment, growth. Results are compared before times are shown.
#
#   benchmarks/compare/run.sh [--quick] [--shapes "8x8 96x40"] [--threads "1 2"] [--sides "keeplora numpy ejml netlib"]
#                             [--operations "multiply moment"] [--rounds N] [--classes FOLDER] [--out FOLDER]
#
# A shape is IN x OUT. --classes is a compiled core, so that two versions can be compared: src/core/target/classes. Sides take turns, ROUNDS times, each
# in a process of its own. OUT gets results.tsv, sides.txt (versions, kernels) and table.md. OPENBLAS_CORETYPE, if set, chooses the kernels of ours and
# numpy's. Needs mvn, javac, python3; the Python packages are put into a virtual environment in OUT if python3 lacks them.
set -eu
here=$(dirname "$(readlink -f "$0")")
shapes="8x8 96x40 768x768" threads="1 2" sides="keeplora numpy ejml netlib" rounds=5 seconds=1
operations="multiply projectOut residual lowRank start moment growth0 growthK"
classes=$here/../../src/core/target/classes out=$here/../../target/compare
while [ $# -gt 0 ]; do
    case $1 in
        --quick) rounds=1 seconds=0.2; shift; continue ;;
        --shapes) shapes=$2 ;;
        --threads) threads=$2 ;;
        --sides) sides=$2 ;;
        --operations) operations=$2 ;;
        --rounds) rounds=$2 ;;
        --classes) classes=$2 ;;
        --out) out=$2 ;;
        *) echo "compare: unknown option $1; the head of $0 has all" >&2; exit 2 ;;
    esac
    shift 2
done
[ -d "$classes/org/keeplora/engine" ] || { echo "compare: no compiled core in $classes; run mvn -pl src/core compile" >&2; exit 2; }
mkdir -p "$out/classes"
out=$(cd "$out" && pwd)
: >"$out/results.tsv" >"$out/sides.txt"

python=python3
if ! python3 -c 'import numpy, threadpoolctl' 2>/dev/null; then
    [ -x "$out/python/bin/python" ] || { python3 -m venv "$out/python" && "$out/python/bin/pip" -q install numpy==2.4.6 threadpoolctl; }
    python=$out/python/bin/python
fi
mvn -q -B -ntp -f "$here/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.9.0:build-classpath \
    -Dmdep.outputFile="$out/classpath.txt" ${MAVEN_ARGS:-}
path=$classes:$out/classes:$(cat "$out/classpath.txt")
javac -d "$out/classes" -cp "$path" "$here"/java/org/keeplora/compare/*.java

growth=$(case $operations in *growth*) echo growth ;; esac)
for shape in $shapes; do
    "$python" "$here/numpy_side.py" inputs "$out/$shape" "$shape" $growth
done
for round in $(seq "$rounds"); do
    for shape in $shapes; do
        for count in $threads; do
            for side in $sides; do
                echo "round $round, $shape, $count threads, $side" >&2
                case $side in
                    numpy) OPENBLAS_NUM_THREADS=$count "$python" "$here/numpy_side.py" measure "$count" "$seconds" "$out/$shape" $operations ;;
                    # EJML and netlib's Java compute with one thread
                    ejml | netlib) [ "$count" != 1 ] || java -Xmx12g --add-modules jdk.incubator.vector -cp "$path" org.keeplora.compare.Compare \
                        "$side" 1 "$seconds" "$out/$shape" $operations ;;
                    *) java -Xmx12g -cp "$path" org.keeplora.compare.Compare "$side" "$count" "$seconds" "$out/$shape" $operations ;;
                esac >>"$out/results.tsv" 2>>"$out/sides.txt"
            done
        done
    done
done
sort -u "$out/sides.txt" | grep -E '^(keeplora|numpy|ejml|netlib):' >&2
"$python" "$here/numpy_side.py" table "$out/results.tsv" | tee "$out/table.md"
