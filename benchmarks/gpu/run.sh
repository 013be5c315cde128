#!/usr/bin/env bash
# Tests and times the CUDA backend on this machine and writes one folder of results. Builds nothing; needs an NVIDIA GPU and the
# libraries of CUDA 13, and neither Java nor network.
#
# usage: ./run.sh [FOLDER]    where results go, by default keeplora-results here; it must not exist yet. FOLDER.tgz has all of them
#                             after each step
#   KEEPLORA_MINUTES          time for everything, by default 8; steps get a share each, what no time is left for is skipped
# exit code: 0 all that ran passed, 1 something failed, 2 wrong usage, 3 no GPU or no CUDA 13 on this machine
set -u

here=$(cd "$(dirname "$(readlink -f "$0")")" && pwd)
results=$(readlink -m "${1:-keeplora-results}")
minutes=${KEEPLORA_MINUTES:-8}
callers_library_path=${LD_LIBRARY_PATH:-}
# Shares of the steps below are given in seconds of this many minutes.
planned_minutes=9
# Less than this is not worth starting a step for.
least_seconds=10

# What the bindings link to; the last two come with cuSOLVER and some installations carry them inside another library.
needed=(libcuda.so.1 libcudart.so.13 libcublas.so.13 libcublasLt.so.13 libcusolver.so.12 libcusolverMg.so.12 libcusparse.so.12)
welcome=(libnvJitLink.so.13)

usage_error() {
    echo "run.sh: $1" >&2
    exit 2
}

# --- what this machine has -------------------------------------------------------------------------------------------------------

# Prints the folders that may hold CUDA's libraries, best first: what the caller chose, toolkits, the system's, the driver's, pip's.
library_folders() {
    local root
    tr ':' '\n' <<<"$callers_library_path"
    for root in "${CUDA_HOME:-}" "${CUDA_PATH:-}" "$(toolkit_of_nvcc)" /usr/local/cuda /usr/local/cuda-13* /opt/cuda; do
        [ -z "$root" ] || printf '%s\n' "$root/lib64" "$root/targets/x86_64-linux/lib" "$root/lib"
    done
    ldconfig_folders
    printf '%s\n' /usr/local/nvidia/lib64 /usr/lib/wsl/lib /usr/lib/x86_64-linux-gnu /usr/lib64
    python3 -c 'import glob, os, sys
for folder in sys.path:
    print("\n".join(glob.glob(os.path.join(folder, "nvidia", "*", "lib"))))' 2>/dev/null
}

toolkit_of_nvcc() {
    local nvcc
    nvcc=$(command -v nvcc) && dirname "$(dirname "$(readlink -f "$nvcc")")"
}

ldconfig_folders() {
    PATH=$PATH:/sbin:/usr/sbin ldconfig -p 2>/dev/null \
        | sed -nE 's#.*\(.*x86-64.*\) => (.*)/lib(cuda|cublas|cusolver|cusparse|nvJitLink).*#\1#p' | sort -u
}

# Sets `found`, one line "library folder" each, `folders`, those folders once each, joined by colons, and `absent`, what is in none.
find_libraries() {
    local library folder place candidates
    mapfile -t candidates < <(library_folders | grep . | awk '!seen[$0]++')
    found='' folders='' absent=''
    for library in "${needed[@]}" "${welcome[@]}"; do
        place=''
        for folder in "${candidates[@]}"; do
            [ -e "$folder/$library" ] && place=$folder && break
        done
        if [ -z "$place" ]; then
            [[ " ${welcome[*]} " == *" $library "* ]] || absent="$absent $library"
            continue
        fi
        found+="$library $place"$'\n'
        [[ ":$folders:" == *":$place:"* ]] || folders=${folders:+$folders:}$place
    done
    searched=$(printf '%s ' "${candidates[@]}")
}

# Prints the path of a program of the driver or the toolkit, if there is one.
find_program() {
    local place
    command -v "$1" && return
    for place in /usr/local/nvidia/bin /usr/lib/wsl/lib /usr/local/cuda*/bin /usr/local/cuda*/compute-sanitizer /opt/cuda/bin; do
        [ -x "$place/$1" ] && echo "$place/$1" && return
    done
    return 1
}

# Stops the run, with exit code 3, where there is nothing to run on.
require_gpu() {
    local reasons=() devices
    nvidia_smi=$(find_program nvidia-smi) || nvidia_smi=''
    devices=$(find /dev -maxdepth 1 \( -name 'nvidia[0-9]*' -o -name dxg \) 2>/dev/null)
    find_libraries
    if [ -n "$nvidia_smi" ]; then
        timeout 30 "$nvidia_smi" -L 2>/dev/null | grep -q '^GPU ' || reasons+=("$nvidia_smi -L lists no GPU")
    elif [ -z "$devices" ]; then
        reasons+=("no GPU: no nvidia-smi on the PATH or beside a driver, no device file /dev/nvidia0 or /dev/dxg")
    fi
    [ -z "$absent" ] || reasons+=("libraries of CUDA 13 and its driver not found:$absent; looked in $searched")
    [ "${#reasons[@]}" = 0 ] && return
    {
        echo "run.sh: the CUDA backend cannot run on this machine; nothing was run."
        printf '  - %s\n' "${reasons[@]}"
        echo "  A folder that was not looked in can be named in LD_LIBRARY_PATH."
    } >&2
    exit 3
}

# --- steps -----------------------------------------------------------------------------------------------------------------------

failures=0
group=''

# Adds a row to the summary and says it.
record() {
    local name=$1 outcome=$2 took=$3
    rows+=("| $name | $outcome | $took |")
    printf '%-32s %s (%s s)\n' "$name" "$outcome" "$took"
    [[ $outcome == failed* ]] && failures=$((failures + 1))
    return 0
}

# step NAME SECONDS COMMAND...: runs it within its share of the time and what is left of it, output in logs/NAME.log. Returns 1 where
# its like need not be tried either.
step() {
    local name=$1 limit=$(($2 * minutes / planned_minutes)) left=$((minutes * 60 - SECONDS)) started=$SECONDS status
    shift 2
    [ "$limit" -ge "$least_seconds" ] || limit=$least_seconds
    [ "$limit" -le "$left" ] || limit=$left
    if [ "$left" -lt "$least_seconds" ]; then
        record "$name" "skipped: no time left of KEEPLORA_MINUTES=$minutes" 0
        return 1
    fi
    echo "... $name, at most $limit s"
    timeout -k 5 "$limit" "$@" >"$results/logs/$name.log" 2>&1 &
    group=$!
    wait "$group"
    status=$?
    end_group
    if [ "$status" != 0 ] && grep -q 'Error: Device not supported' "$results/logs/$name.log"; then
        record "$name" "skipped: compute-sanitizer does not support this device" $((SECONDS - started))
        return 1
    fi
    case $status in
        0) record "$name" passed $((SECONDS - started)) ;;
        124 | 137) record "$name" "failed: not done within its $limit s" $((SECONDS - started)) ;;
        *) record "$name" "failed: exit code $status, see logs/$name.log" $((SECONDS - started)) ;;
    esac
    pack
    return 0
}

# Everything so far in one file beside the folder, for those who may take home only a few; replaced as a whole.
pack() {
    tar -C "$(dirname "$results")" --exclude="$(basename "$results")/tmp" -czf "$results.tgz.part" "$(basename "$results")" \
        && mv "$results.tgz.part" "$results.tgz"
}

# timeout leads a process group; a JVM that JMH started can outlive JMH in it, and would compute beside the next step.
end_group() {
    [ -z "$group" ] || kill -KILL -- "-$group" 2>/dev/null
    group=''
}

# Who computed: only what explains a number; no serial numbers, no host name.
describe_machine() {
    cat "$here/VERSION"
    echo
    if [ -n "$nvidia_smi" ]; then
        local wanted=index,name,driver_version,memory.total,clocks.max.sm,clocks.max.memory,power.limit
        timeout 30 "$nvidia_smi" --format=csv --query-gpu="$wanted,persistence_mode,compute_mode,ecc.mode.current,mig.mode.current"
        timeout 30 "$nvidia_smi" -q -d CLOCK,POWER,TEMPERATURE,UTILIZATION | grep -viE 'serial|uuid'
    fi
    echo
    nvcc --version 2>/dev/null | tail -n 2
    grep . <<<"$found" | while read -r library folder; do
        echo "$library in $folder ($(basename "$(readlink -f "$folder/$library")"))"
    done
    echo
    uname -srm
    lscpu 2>/dev/null | grep -E '^(Model name|CPU\(s\)|Thread|Core|Socket|L[23])' || grep -m 1 'model name' /proc/cpuinfo
    grep MemTotal /proc/meminfo
    python3 -c 'import torch; print("torch", torch.__version__, "of CUDA", torch.version.cuda)' 2>/dev/null
}

# The program's own look at CUDA, in the environment of all later steps; it ends with exit code 0 whatever it finds.
probe() {
    # shellcheck disable=SC2016 # for the inner shell
    step probe 60 bash -c '"$@" | tee "$0" && grep -qx usable "$0"' "$tmp/probe.txt" "${java[@]}" org.keeplora.engine.CudaProbe
}

native_tests() {
    local test
    for test in "$here"/native/test/*; do
        step "native-$(basename "$test")" 20 "$test"
    done
}

# contract NAME SECONDS PATTERN: the tests whose class name matches; a test that CUDA is refused to fails instead of being skipped.
contract() {
    step "$1" "$2" "${java[@]}" -Dkeeplora.requireBackend=cuda org.junit.platform.console.ConsoleLauncher execute --disable-banner \
        --disable-ansi-colors --details=tree --fail-if-no-tests --scan-classpath "$here/lib/keeplora4j-core-tests.jar" \
        --include-classname "$3" --reports-dir "$results/$1"
}

# suites NAME SECONDS OPTION...: JMH's suites with options of the program, the short ones unless there is time for all. What is measured
# when the time runs out is kept.
suites() {
    local name=$1 seconds=$2 length=() commit
    shift 2
    [ "$minutes" -ge 30 ] || length=(--quick)
    commit=$(sed -nE 's/^commit +([0-9a-z]{1,7})[0-9a-z]*( with .*)?$/\1\2/p' "$here/VERSION" | sed 's/ with .*/-dirty/')
    # OPENBLAS_NUM_THREADS: the CPU backend shows what it can do with all cores.
    step "suites-$name" "$seconds" env -u OPENBLAS_NUM_THREADS "${java[@]}" org.keeplora.bench.Bench \
        --commit "${commit:-unknown}" --out "$results/suites-$name" "${length[@]}" "$@"
}

native_bench() {
    local bench
    for bench in "$here"/native/bench/*; do
        step "native-$(basename "$bench")" 40 "$bench"
    done
}

# PyTorch brings CUDA libraries of its own, so it gets the caller's environment.
peer() {
    if ! LD_LIBRARY_PATH=$callers_library_path python3 -c 'import torch; assert torch.cuda.is_available()' 2>/dev/null; then
        record peer "skipped: python3 has no torch that sees the GPU" 0
        return
    fi
    step peer 90 env LD_LIBRARY_PATH="$callers_library_path" \
        python3 "$here/peer.py" --out "$results" --seconds $((60 * minutes / planned_minutes))
}

# sanitize TOOL: one of compute-sanitizer's tools over every native test.
sanitize() {
    local sanitizer test
    if ! sanitizer=$(find_program compute-sanitizer); then
        record "$1" "skipped: compute-sanitizer is not installed" 0
        return
    fi
    for test in "$here"/native/test/*; do
        step "$1-$(basename "$test")" 30 "$sanitizer" --tool "$1" --error-exitcode 99 "$test" || return 0
    done
}

write_summary() {
    {
        echo "# keeplora4j on $(gpu_name)"
        echo
        sed -n 's/^commit */Commit /p' "$here/VERSION"
        echo "$failures of ${#rows[@]} steps failed; $SECONDS of $((minutes * 60)) seconds used. Machine: machine.txt."
        echo
        echo "| step | outcome | seconds |"
        echo "|---|---|---:|"
        printf '%s\n' "${rows[@]}"
    } >"$results/summary.md"
    cat "$results/summary.md"
}

gpu_name() {
    if [ -n "$nvidia_smi" ]; then
        "$nvidia_smi" --query-gpu=name --format=csv,noheader 2>/dev/null | head -n 1
    else
        echo "a GPU without nvidia-smi"
    fi
}

# --- the run ---------------------------------------------------------------------------------------------------------------------

[[ $minutes =~ ^[1-9][0-9]*$ ]] || usage_error "KEEPLORA_MINUTES is '$minutes'; it must be a whole number of minutes, 1 or more"
[ $# -le 1 ] || usage_error "usage: ./run.sh [FOLDER]"
[ ! -e "$results" ] || usage_error "$results exists already; name a folder that does not, results are never mixed"
require_gpu

mkdir -p "$results/logs" || usage_error "$results cannot be made"
# Everything that is not a result: JavaCPP's unpacked libraries, temporary files of Java and JMH.
tmp=$results/tmp
mkdir "$tmp"
trap 'end_group; rm -rf "$tmp"' EXIT
trap 'exit 130' INT TERM

export LD_LIBRARY_PATH=$here/native/lib:$folders
export LC_ALL=C.UTF-8
# Idle threads of libgomp and OpenBLAS sleep instead of spinning on cores that the other needs.
export OMP_WAIT_POLICY=passive OPENBLAS_THREAD_TIMEOUT=10
# JavaCPP looks in the link path before the dynamic linker is asked, so both get the same folders. Its cache keeps links to the libraries
# it found: one of its own for each run, never the user's. JavaCPP's default limit of memory may lie beyond the machine.
memory=$(awk '/MemTotal/ { printf "%dm", $2 * 3 / 4 / 1024 }' /proc/meminfo)
java=("$here/runtime/bin/java" -cp "$here/lib/*" -Xmx4g -XX:-UsePerfData -Djava.io.tmpdir="$tmp"
    -Dorg.bytedeco.javacpp.cachedir="$tmp/javacpp" -Dorg.bytedeco.javacpp.maxPhysicalBytes="$memory"
    -Dorg.bytedeco.javacpp.platform.linkpath="$folders" --enable-native-access=ALL-UNNAMED)

rows=()
describe_machine >"$results/machine.txt" 2>&1
probe
native_tests
contract contract-streams 30 '.*\.CudaStreamsTest'
contract contract-cuda 120 '.*\.Cuda(?!Streams)\w*Test'
suites project-out 45 --backend cuda --param type=F32 projectOut
suites second-moment 45 --backend cuda secondMoment
suites basis-grow 60 --backend cuda basisGrow
suites lora-start 45 --backend cuda loraStart
suites eigh 30 --backend cuda EighBenchmark
peer
native_bench
sanitize memcheck
suites eigen-solvers 75 --backend cuda --param count=48 EigenSolver
# In float64 each of the 96 sites has a decomposition of its own on the device, one after another: not worth the time.
suites low-rank 30 --backend cuda --param type=F32 lowRank
suites cpu 60 --backend cpu --param type=F32
contract contract-others 60 '^(?!.*\.Cuda\w*Test$).*Test$'
sanitize racecheck
sanitize initcheck
write_summary
pack
[ "$failures" = 0 ]
