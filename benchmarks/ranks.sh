#!/usr/bin/env bash
# Measures runs over several ranks on this machine: images a second of 1 rank on one core, of 2 ranks with a core each, of two runs of 1
# rank beside each other, which is what the machine has for two, and of 4 ranks on those two cores, round by round; one rank's batches and
# the link, for the simulation; the bytes of two ranks in two network namespaces. Then writes all of it to one JSON file with a table, and
# fills the tables of RANKS.md.
#
# usage: benchmarks/ranks.sh [FOLDER]     by default benchmarks/results/ranks
#   RANKS_DATA, RANKS_MODEL     the data root and the model's folder: data/mtil-mini and ../shared/clip/small
#   RANKS_TASK                  EuroSAT
#   RANKS_REPETITIONS           rounds of the four ways, 9
#   RANKS_EPOCHS                10
#   RANKS_BATCH                 images of a batch, of all ranks together, 64
#   RANKS_CORES                 two cores, "0 1"
# The machine should have nothing else to do; the spread of the rounds says how true that was.
set -euo pipefail

home=$(cd "$(dirname "$(readlink -f "$0")")/.." && pwd)
out=$(readlink -m "${1:-$home/benchmarks/results/ranks}")
data=$(readlink -m "${RANKS_DATA:-$home/data/mtil-mini}")
model=$(readlink -m "${RANKS_MODEL:-$home/../shared/clip/small}")
task=${RANKS_TASK:-EuroSAT}
repetitions=${RANKS_REPETITIONS:-9}
epochs=${RANKS_EPOCHS:-10}
batch=${RANKS_BATCH:-64}
read -r core0 core1 <<<"${RANKS_CORES:-0 1}"
# Of the two runs whose bytes are compared: all that is not a step is the same in both.
few_epochs=1
many_epochs=4
work=$(mktemp -d -t keeplora-ranks.XXXXXX)
port=29611
spaces=("keeplora-a-$$" "keeplora-b-$$")
cards=(klr-a klr-b)

fail() {
    echo "ranks.sh: $*" >&2
    exit 1
}

say() {
    echo "ranks.sh: $*" >&2
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
    [ -d "$data" ] || fail "$data does not exist; unpack mtil-mini there, or name the data root in RANKS_DATA"
    [ -f "$model/model.safetensors" ] || fail "$model has no model.safetensors; name the model's folder in RANKS_MODEL"
    taskset -c "$core0,$core1" true || fail "cores $core0 and $core1 of RANKS_CORES cannot be had"
    if [ ! -f "$home/benchmarks/target/classpath.txt" ]; then
        say "building once"
        mvn -q -B -ntp -DskipTests -f "$home/pom.xml" package
    fi
}

# java MAIN ARGUMENTS...: a program of the benchmarks, in the environment of the launcher.
java_of() {
    OMP_WAIT_POLICY=passive OPENBLAS_THREAD_TIMEOUT=10 "${JAVA_HOME:+$JAVA_HOME/bin/}java" -XX:+UseSerialGC \
        -Djava.awt.headless=true --enable-native-access=ALL-UNNAMED \
        -Dorg.bytedeco.javacpp.maxPhysicalBytes="$(awk '/MemTotal/ { printf "%dm", $2 * 3 / 4 / 1024 }' /proc/meminfo)" \
        -cp "$home/benchmarks/target/classes:$(cat "$home/benchmarks/target/classpath.txt")" "$@"
}

# keeplora FOLDER THREADS EPOCHS: one process of a run of the task. All ranks get the same settings.
keeplora() {
    "$home/keeplora" run --config "$home/benchmarks/configs/mini-keeplora-paper.yaml" \
        --set "model.checkpoint=$model/model.safetensors" --set "model.tokenizer=$model/tokenizer.json" \
        --set "data.root=$data" --set "data.tasks=[$task]" --set "runtime.threads=$2" --set "train.epochs=$3" \
        --set "train.batch_size=$batch" --set "output=$1"
}

# together RANKS ADDRESS COMMAND...: runs the command once for each rank, with torchrun's variables; rank N's first word is place_N, the
# command that puts it on its core or into its namespace.
together() {
    local ranks=$1 address=$2 rank failed=0 processes=()
    shift 2
    for ((rank = 0; rank < ranks; rank++)); do
        RANK=$rank LOCAL_RANK=$rank WORLD_SIZE=$ranks LOCAL_WORLD_SIZE=$ranks MASTER_ADDR=$address MASTER_PORT=$port \
            "place_$rank" "$@" >"$work/rank-$rank.log" 2>&1 &
        processes+=($!)
    done
    for rank in "${!processes[@]}"; do
        wait "${processes[$rank]}" || failed=1
    done
    port=$((port + 1))
    [ "$failed" = 0 ] || fail "a rank failed: $(tail -n 5 "$work"/rank-*.log)"
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

# A run of one rank on core $2, in folder $3 for round $1.
lone() {
    (on_core "$2" keeplora "$work/$3/1-$1" 1 "$epochs") >"$work/rank-$2.log" 2>&1 || fail "1 rank: $(tail -n 5 "$work/rank-$2.log")"
}

# One run of each way, the lone one on both cores in turn, two ranks between those that they are compared with; a rank computes with one
# thread.
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
    say "one rank's batches, and the link"
    (on_core "$core0" java_of org.keeplora.bench.ranks.OneRank "$data" "$model" "$task" "$batch" "$epochs" "$work/profile.json") \
        >"$work/rank-0.log" 2>&1 || fail "one rank: $(tail -n 5 "$work/rank-0.log")"
    together 2 127.0.0.1 java_of org.keeplora.bench.ranks.LinkTime "$work/link-2.json"
    together 4 127.0.0.1 java_of org.keeplora.bench.ranks.LinkTime "$work/link-4.json"
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

# bytes_of EPOCHS: what both ranks sent in a whole run, as JSON.
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
    say "bytes of two ranks in two network namespaces"
    place_0() { in_space 0 "$@"; }
    place_1() { in_space 1 "$@"; }
    few=$(bytes_of "$few_epochs")
    many=$(bytes_of "$many_epochs")
    echo "{\"runs\": [$few, $many]}" >"$work/bytes.json"
}

check
trap clean EXIT
mkdir -p "$work/runs" "$work/beside" "$out"
measure_parts
for ((number = 1; number <= repetitions; number++)); do
    round "$number"
done
measure_bytes
java_of org.keeplora.bench.ranks.RankResults "$work" "$out" "$home"
java_of org.keeplora.bench.ranks.RanksPage "$home/benchmarks/RANKS.md" "$out"
