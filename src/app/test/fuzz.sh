#!/bin/sh
# Fuzzes the parsers one after another and prints what each of them took and found.
#
#   src/app/test/fuzz.sh [SECONDS [TARGET...]]    SECONDS for each target, 60 if left out; TARGET as StoreFuzzTest::pickle, all if left out
#
# Jazzer would call every regular expression from a file a finding; that of an adapter is limited by ModulePattern.
# Needs what "mvn -pl src/app -am test-compile" builds. Inputs that were found, and the corpus, are kept in src/app/target/fuzz; a finding makes the exit code 1.
set -eu
home=$(dirname "$(dirname "$(readlink -f "$0")")")
seconds=${1:-60}
[ $# -eq 0 ] || shift
out=$home/target/fuzz
mkdir -p "$out/files"
if [ ! -f "$out/classpath" ]; then
    mvn -q -B -ntp -f "$home/../../pom.xml" -pl src/app -am -DskipTests test-compile dependency:build-classpath \
        -DincludeScope=test -Dmdep.outputFile="$out/classpath"
fi
java=${JAVA_HOME:+$JAVA_HOME/bin/}java
tests=$home/test/java
targets() {
    grep -l '@FuzzTest' -r "$tests" | sort | while read -r file; do
        name=$(basename "$file" .java)
        sed -n '/@FuzzTest/,/{/s/^ *void \([A-Za-z]*\)(.*/\1/p' "$file" | sed "s/^/$name::/"
    done
}
printf '%-36s %12s %8s %8s\n' target executions seconds findings
status=0
for target in ${*:-$(targets)}; do
    class=${target%%::*} method=${target##*::}
    room=$(basename "$(dirname "$(find "$tests" -name "$class.java")")")
    log=$out/$class.$method.log
    corpus=$out/$class.$method
    mkdir -p "$corpus"
    "$java" -Xmx2g -Djava.io.tmpdir="$out/files" -Djava.awt.headless=true -XX:-OmitStackTraceInFastThrow --enable-native-access=ALL-UNNAMED ${JAVA_OPTS:-} \
        -cp "$home/target/test-classes:$home/target/classes:$(cat "$out/classpath")" \
        com.code_intelligence.jazzer.Jazzer --target_class="org.keeplora.$room.$class" --target_method="$method" \
        --instrumentation_includes='org.keeplora.**' --custom_hook_includes='org.keeplora.**' --disabled_hooks='com.code_intelligence.jazzer.sanitizers.RegexInjection' --reproducer_path="$out" \
        -artifact_prefix="$corpus." -timeout=20 -rss_limit_mb=4096 -max_len=4096 -max_total_time="$seconds" "$corpus" >"$log" 2>&1 \
        && findings=0 || { findings=1 status=1; }
    took=$(sed -n 's/^Done \([0-9]*\) runs in \([0-9]*\) second.*/\1 \2/p' "$log" | tail -1)
    # shellcheck disable=SC2086
    printf '%-36s %12s %8s %8s\n' "$target" ${took:-- -} "$findings"
done
exit $status
