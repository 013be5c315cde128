#!/bin/sh
# The README's snippet in a project of somebody else: dependency tree, jar sizes, and, on the class path, on the module path and in a jlink image, the
# seconds of the first use, of the second, and the bytes that the first one unpacks.
#
#   benchmarks/external/run.sh [OUT]      OUT is target/external by default; needs mvn and a JDK with jmods
#
# Core is installed into a local repository of OUT's, with -Dmaven.test.skip=true. That starts as hard links to the artifacts of ~/.m2, without ours.
# MAVEN_ARGS is given to every mvn. JAVA_HOME chooses the JDK.
set -eu
here=$(dirname "$(readlink -f "$0")")
root=$here/../..
mkdir -p "${1:-$root/target/external}"
out=$(cd "${1:-$root/target/external}" && pwd)
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
[ -n "$bin" ] || bin=$(dirname "$(readlink -f "$(command -v javac)")")/
rm -rf "$out/repository" "$out/project" "$out/image"
mkdir -p "$out/project/src/main/java/com/example"
[ ! -d ~/.m2/repository ] || cp -al ~/.m2/repository "$out/repository"
rm -rf "$out/repository/org/keeplora"
maven="mvn -q -B -ntp -Dmaven.repo.local=$out/repository ${MAVEN_ARGS:-}"

touch "$out/begun"
$maven -f "$root/pom.xml" -Dmaven.test.skip=true -pl src/core -am install
if [ "$root/src/core/target/native/emulated" -nt "$out/begun" ] || [ "$root/src/core/target/native/tests" -nt "$out/begun" ]; then
    echo "external: -Dmaven.test.skip=true built the emulated device" >&2
    exit 1
fi

cd "$out/project"
cp "$here/pom.xml" .
awk -v example="$here/Example.java" '
    /^```java$/ && !done { inside = done = 1; next }
    /^```$/ { inside = 0 }
    inside { snippet = snippet $0 "\n" }
    END { while ((getline line < example) > 0) if (line ~ /\/\/ SNIPPET/) printf "%s", snippet; else print line }
' "$root/README.md" >src/main/java/com/example/Example.java
echo 'module com.example { requires org.keeplora.core; }' >src/main/java/module-info.java
plugin=org.apache.maven.plugins:maven-dependency-plugin:3.9.0
$maven package "$plugin:copy-dependencies" -DoutputDirectory=libs "$plugin:tree" -DoutputFile=tree.txt
cat tree.txt
ls -l libs | awk 'NR > 1 { print $5, $9; sum += $5 } END { print sum, "bytes of jars" }'

use() { # NAME COMMAND...: runs it with an empty cache, and again
    name=$1
    shift
    rm -rf "$out/cache"
    first=$("$@" 2>"$out/errors") || { echo "external: $name failed: $(cat "$out/errors")" >&2; exit 1; }
    again=$("$@" 2>/dev/null)
    echo "$name: first use $first; again $again; unpacked $(find "$out/cache" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum + 0 }') bytes"
}
cache=-Dorg.bytedeco.javacpp.cachedir=$out/cache
use "class path" "${bin}java" "$cache" -cp "target/trainer-1.jar:libs/*" com.example.Example
use "module path" "${bin}java" "$cache" -p target/trainer-1.jar:libs --add-modules ALL-MODULE-PATH -m com.example/com.example.Example
"${bin}jlink" -p target/trainer-1.jar:libs --add-modules ALL-MODULE-PATH --output "$out/image"
use "jlink image" "$out/image/bin/java" "$cache" --add-modules ALL-SYSTEM -m com.example/com.example.Example
du -sb "$out/image" | awk '{ print $1, "bytes of the image" }'
