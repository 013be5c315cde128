#!/usr/bin/env bash
# Measures runs over several processes on this machine: images a second of 1 process on one core, of 2 processes with a core each, of two
# runs of 1 process beside each other, which is what the machine has for two, and of 4 processes on those two cores, round by round; one
# process's batches and the link, for the simulation; the bytes of two processes in two network namespaces. Then puts all of it into a CSV
# file as one series and prints its tables. DISTRIBUTED.md says how they come onto that page.
#
# usage: benchmarks/distributed.sh [FILE.csv]     by default benchmarks/results/distributed.csv
#   DISTRIBUTED_DATA, DISTRIBUTED_MODEL     the data root and the model's folder: data/mtil-mini and ../shared/clip/small
#   DISTRIBUTED_TASK                        EuroSAT
#   DISTRIBUTED_REPETITIONS                 rounds of the four ways, 9
#   DISTRIBUTED_EPOCHS                      10
#   DISTRIBUTED_BATCH                       images of a batch, of all processes together, 64
#   DISTRIBUTED_CORES                       two cores, "0 1"
# The machine should have nothing else to do; the spread of the rounds says how true that was.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
out=$(readlink -m "${1:-$home/benchmarks/results/distributed.csv}")
data=$(readlink -m "${DISTRIBUTED_DATA:-$home/data/mtil-mini}")
model=$(readlink -m "${DISTRIBUTED_MODEL:-$home/../shared/clip/small}")
task=${DISTRIBUTED_TASK:-EuroSAT}
repetitions=${DISTRIBUTED_REPETITIONS:-9}
epochs=${DISTRIBUTED_EPOCHS:-10}
batch=${DISTRIBUTED_BATCH:-64}
read -r core0 core1 <<<"${DISTRIBUTED_CORES:-0 1}"
# Of the two runs whose bytes are compared: all that is not a step is the same in both.
few_epochs=1
many_epochs=4
work=$(mktemp -d -t keeplora-distributed.XXXXXX)
port=29611
spaces=("keeplora-a-$$" "keeplora-b-$$")
cards=(klr-a klr-b)

fail() {
    echo "distributed.sh: $*" >&2
    exit 1
}

say() {
    echo "distributed.sh: $*" >&2
}

clean() {
    local space
    for space in "${spaces[@]}"; do
        ip netns del "$space" 2>/dev/null || true
    done
    rm -rf "$work"
}

check() {
    local tool
    for tool in taskset mvn; do
        command -v "$tool" >/dev/null || fail "$tool is not on the PATH"
    done
    [ -d "$data" ] || fail "$data does not exist; unpack mtil-mini there, or name the data root in DISTRIBUTED_DATA"
    [ -f "$model/model.safetensors" ] || fail "$model has no model.safetensors; name the model's folder in DISTRIBUTED_MODEL"
    taskset -c "$core0,$core1" true || fail "cores $core0 and $core1 of DISTRIBUTED_CORES cannot be had"
    if [ ! -f "$home/benchmarks/target/classpath.txt" ]; then
        say "building once"
        mvn -q -B -ntp -DskipTests -Dassembly.skipAssembly -f "$home/pom.xml" -pl benchmarks -am package
    fi
}

# java MAIN ARGUMENTS...: a program of the benchmarks, in the environment of the launcher.
java_of() {
    OMP_WAIT_POLICY=passive OPENBLAS_THREAD_TIMEOUT=10 "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC \
        -Djava.awt.headless=true --enable-native-access=ALL-UNNAMED \
        -Dorg.bytedeco.javacpp.maxPhysicalBytes="$(awk '/MemTotal/ { printf "%dm", $2 * 3 / 4 / 1024 }' /proc/meminfo)" \
        -cp "$home/benchmarks/target/classes:$(cat "$home/benchmarks/target/classpath.txt")" "$@"
}

# keeplora FOLDER THREADS EPOCHS: one process of a run of the task. All processes get the same settings.
keeplora() {
    "$home/keeplora" run --config "$home/benchmarks/configs/mini-keeplora-paper.yaml" \
        --set "model.checkpoint=$model/model.safetensors" --set "model.tokenizer=$model/tokenizer.json" \
        --set "data.root=$data" --set "data.tasks=[$task]" --set "runtime.threads=$2" --set "train.epochs=$3" \
        --set "train.batch_size=$batch" --set "output=$1"
}

# together COUNT ADDRESS COMMAND...: runs the command once for each process, with torchrun's variables; the first word of process N is
# place_N, the command that puts it on its core or into its namespace.
together() {
    local count=$1 address=$2 index failed=0 started=()
    shift 2
    for ((index = 0; index < count; index++)); do
        RANK=$index LOCAL_RANK=$index WORLD_SIZE=$count LOCAL_WORLD_SIZE=$count MASTER_ADDR=$address MASTER_PORT=$port \
            "place_$index" "$@" >"$work/process-$index.log" 2>&1 &
        started+=($!)
    done
    for index in "${!started[@]}"; do
        wait "${started[$index]}" || failed=1
    done
    port=$((port + 1))
    [ "$failed" = 0 ] || fail "a process failed: $(tail -n 5 "$work"/process-*.log)"
}

# The affinity of a subshell is that of all it starts.
on_core() {
    local core=$1
    shift
    taskset -pc "$core" "$BASHPID" >/dev/null
    GLOO_SOCKET_IFNAME=${interface:-lo} "$@"
}

# shellcheck disable=SC2317 # called by name
place_0() { on_core "$core0" "$@"; }
# shellcheck disable=SC2317
place_1() { on_core "$core1" "$@"; }
# shellcheck disable=SC2317
place_2() { on_core "$core0" "$@"; }
# shellcheck disable=SC2317
place_3() { on_core "$core1" "$@"; }

# A run of one process on core $2, in folder $3 for round $1.
lone() {
    (on_core "$2" keeplora "$work/$3/1-$1" 1 "$epochs") >"$work/process-$2.log" 2>&1 \
        || fail "1 process: $(tail -n 5 "$work/process-$2.log")"
}

# One run of each way, the lone one on both cores in turn, two processes between those that they are compared with; a process computes with
# one thread.
round() {
    local number=$1 other core=$core0
    say "round $number of $repetitions"
    [ $((number % 2)) = 1 ] || core=$core1
    lone "$number" "$core" runs
    together 2 127.0.0.1 keeplora "$work/runs/2-$number" 2 "$epochs"
    lone "$((2 * number))" "$core0" beside &
    other=$!
    lone "$((2 * number + 1))" "$core1" beside
    wait "$other"
    together 4 127.0.0.1 keeplora "$work/runs/4-$number" 4 "$epochs"
}

measure_parts() {
    say "one process's batches, and the link"
    (on_core "$core0" java_of org.keeplora.bench.distributed.OneProcess "$data" "$model" "$task" "$batch" "$epochs" \
        "$work/profile.json") >"$work/process-0.log" 2>&1 || fail "one process: $(tail -n 5 "$work/process-0.log")"
    together 2 127.0.0.1 java_of org.keeplora.bench.distributed.LinkTime "$work/link-2.json"
    together 4 127.0.0.1 java_of org.keeplora.bench.distributed.LinkTime "$work/link-4.json"
}

# Two namespaces with a cable between them; prints why not, where that is not allowed.
lay_cable() {
    local side
    command -v ip >/dev/null || {
        echo "no program ip"
        return 1
    }
    for side in 0 1; do
        ip netns add "${spaces[$side]}" || return 1
    done
    ip link add "${cards[0]}" netns "${spaces[0]}" type veth peer name "${cards[1]}" netns "${spaces[1]}" || return 1
    for side in 0 1; do
        ip -n "${spaces[$side]}" address add "10.177.0.$((side + 1))/24" dev "${cards[$side]}" || return 1
        ip -n "${spaces[$side]}" link set lo up || return 1
        ip -n "${spaces[$side]}" link set "${cards[$side]}" up || return 1
    done
}

sent() {
    ip netns exec "${spaces[$1]}" cat "/sys/class/net/${cards[$1]}/statistics/tx_bytes"
}

# shellcheck disable=SC2317 # called by name
in_space() {
    local side=$1
    shift
    export -f keeplora
    export home data model task batch
    GLOO_SOCKET_IFNAME=${cards[$side]} taskset -c "$core0,$core1" ip netns exec "${spaces[$side]}" bash -c '"$@"' bash "$@"
}

# bytes_of EPOCHS: what both processes sent in a whole run, as JSON.
bytes_of() {
    local before0 before1
    before0=$(sent 0)
    before1=$(sent 1)
    together 2 10.177.0.1 keeplora "$work/bytes-$1" 2 "$1"
    echo "{\"epochs\": $1, \"sent\": [$(($(sent 0) - before0)), $(($(sent 1) - before1))]}"
}

measure_bytes() {
    local reason few many
    if ! reason=$(lay_cable 2>&1); then
        say "bytes are not measured: $reason"
        printf '{"skipped": "network namespaces: %s"}\n' "$(tr -d '"\\' <<<"$reason" | tr '\n' ' ')" >"$work/bytes.json"
        return
    fi
    say "bytes of two processes in two network namespaces"
    place_0() { in_space 0 "$@"; }
    place_1() { in_space 1 "$@"; }
    few=$(bytes_of "$few_epochs")
    many=$(bytes_of "$many_epochs")
    echo "{\"runs\": [$few, $many]}" >"$work/bytes.json"
}

check
trap clean EXIT
mkdir -p "$work/runs" "$work/beside" "$(dirname "$out")"
measure_parts
for ((number = 1; number <= repetitions; number++)); do
    round "$number"
done
measure_bytes
java_of org.keeplora.bench.distributed.GatheredResults "$work" "$out" "$home"
