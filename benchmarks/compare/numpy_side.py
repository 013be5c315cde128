"""numpy's side of the comparison, the inputs of all sides, and the table.

    numpy_side.py inputs FOLDER SHAPE [growth]         writes the matrices of one shape, IN x OUT
    numpy_side.py measure THREADS SECONDS FOLDER OPERATION...
    numpy_side.py table FILE...                        compares results first, then prints times
"""
import collections
import statistics
import sys
import time
from pathlib import Path

import numpy as np

SHARE = 0.95
POWER_ITERATIONS = 4
SKETCH_PER_RANK = 4
LONG_SECONDS = 60  # a first call that takes longer is the measurement


def write_inputs(folder, shape, growth):
    """Sizes and matrices; the same bits for the same shape."""
    rows, cols = map(int, shape.split("x"))
    rank, leading, samples = max(1, rows // 3), max(1, min(16, rows // 4)), min(2048, 2 * rows)
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    basis = np.linalg.qr(random.standard_normal((rows, rank)))[0]
    gradient = random.standard_normal((rows, cols), dtype=np.float32)
    gradient += random.standard_normal((rows, leading), dtype=np.float32) @ random.standard_normal((leading, cols), dtype=np.float32)
    features = random.standard_normal((samples, rows)) / np.sqrt(1 + np.arange(rows))
    basis.astype(np.float32).tofile(folder / "M.f32")
    gradient.tofile(folder / "G.f32")
    features.astype(np.float32).tofile(folder / "X.f32")
    if growth:
        (features.T @ features).tofile(folder / "C.f64")
        basis.tofile(folder / "M.f64")
    (folder / "sizes.txt").write_text(f"{rows} {cols} {rank} {leading} {samples}\n")


def numbers(matrix):
    """Norm, and the sum of sin(i + 1) cos(j + 1) value(i, j)."""
    wide = matrix.astype(np.float64)
    left, right = np.sin(1.0 + np.arange(wide.shape[0])), np.cos(1.0 + np.arange(wide.shape[1]))
    return np.linalg.norm(wide), left @ wide @ right


class Numpy:
    """The operations as a user of numpy writes them."""

    def __init__(self, folder):
        self.rows, self.cols, self.rank, self.leading, self.samples = map(int, (folder / "sizes.txt").read_text().split())
        read = lambda name, rows, kind=np.float32: np.fromfile(folder / name, kind).reshape(rows, -1)
        self.m, self.g = read("M.f32", self.rows), read("G.f32", self.rows)
        self.x = read("X.f32", self.samples)
        self.target = np.empty((self.rank, self.cols), np.float32)
        self.moment_sum = np.zeros((self.rows, self.rows))
        self.random = np.random.default_rng(2)
        if (folder / "C.f64").exists():
            self.c, self.exact_m = read("C.f64", self.rows, np.float64), read("M.f64", self.rows, np.float64)

    def multiply(self):
        np.matmul(self.m.T, self.g, out=self.target)
        return self.target

    def project_out(self):
        self.g -= self.m @ (self.m.T @ self.g)
        return self.g

    def moment(self):
        wide = self.x.astype(np.float64)
        self.moment_sum += wide.T @ wide
        return self.moment_sum

    def _project(self, y):
        return y - self.m @ (self.m.T @ y)

    def low_rank(self):
        r, sketch = self.leading, min(SKETCH_PER_RANK * self.leading, self.rows - self.rank, self.cols)
        y = self._project(self.g @ self.random.standard_normal((self.cols, sketch), dtype=np.float32))
        for _ in range(POWER_ITERATIONS):
            z = np.linalg.qr(self.g.T @ np.linalg.qr(y)[0])[0]
            y = self._project(self.g @ z)
        q = np.linalg.qr(y)[0]
        u, s, vt = np.linalg.svd((self.g.T @ q).T, full_matrices=False)
        return q @ u[:, :r], s[:r, None] * vt[:r]

    def growth_from_nothing(self):
        values, vectors = np.linalg.eigh(self.c)
        return self._leading(values, vectors, 0, np.trace(self.c))

    def growth_from_m(self):
        m, c = self.exact_m, self.c
        half = c - m @ (m.T @ c)
        rest = half - (half @ m) @ m.T
        values, vectors = np.linalg.eigh(rest)
        total = np.trace(c)
        grown = self._leading(values, vectors, total - np.trace(rest), total)
        return np.hstack([m.astype(np.float32), grown])

    @staticmethod
    def _leading(values, vectors, covered, total):
        more = int(np.searchsorted(covered + np.cumsum(values[::-1]), SHARE * total)) + 1
        return vectors[:, ::-1][:, :more].astype(np.float32)

    def grown_numbers(self, basis):
        probe = np.sin(1.0 + np.arange(self.rows))
        return basis.shape[1], np.linalg.norm(probe - basis @ (basis.T @ probe))

    def operations(self):
        factors = lambda pair: (np.linalg.norm(pair[1]), 0)
        return {
            "multiply": (self.multiply, numbers),
            "projectOut": (self.project_out, numbers),
            "residual": (self.project_out, numbers),
            "lowRank": (self.low_rank, factors),
            "start": (self.low_rank, factors),
            "moment": (self.moment, numbers),
            "growth0": (self.growth_from_nothing, self.grown_numbers),
            "growthK": (self.growth_from_m, self.grown_numbers),
        }


def measure(threads, seconds, folder, names):
    shape = None
    for name in names:
        side = Numpy(folder)
        operation, check = side.operations()[name]
        shape = f"{side.rows}x{side.cols}"
        processor_before, begin = time.process_time(), time.perf_counter()
        result = operation()
        last, processor = time.perf_counter() - begin, time.process_time() - processor_before
        result, calls, micros = check(result), 1, [last * 1e6]
        if last < LONG_SECONDS:
            while time.perf_counter() - begin < seconds / 2:
                once = time.perf_counter()
                operation()
                last = time.perf_counter() - once
            calls, micros, processor = max(1, int(1e-3 / max(last, 1e-9))), [], 0
            end = time.perf_counter() + seconds
            while len(micros) < 3 or time.perf_counter() < end:
                processor_before, before = time.process_time(), time.perf_counter()
                for _ in range(calls):
                    operation()
                micros.append((time.perf_counter() - before) * 1e6 / calls)
                processor += time.process_time() - processor_before
        micros.sort()
        n = len(micros)
        quartiles = "\t".join(f"{micros[i]:.3f}" for i in (n // 2, n // 4, 3 * n // 4))
        print(f"numpy\t{threads}\t{shape}\t{name}\t{quartiles}\t{processor * 1e6 / n / calls:.3f}\t-\t{n * calls}"
              f"\t{result[0]:.9g}\t{result[1]:.9g}", flush=True)


def facts():
    import threadpoolctl
    for pool in threadpoolctl.threadpool_info():
        print(f"numpy: {np.__version__}, {pool['internal_api']} {pool.get('version')}, kernels for {pool.get('architecture')},"
              f" {pool['num_threads']} threads", file=sys.stderr)


def require_equal(results):
    """Every side computed the same: norms to 1e-3, ranks exactly."""
    wrong = []
    for (shape, operation), by_side in results.items():
        reference = by_side.get("keeplora")
        for side, (size, sum_) in by_side.items():
            if reference and (abs(size - reference[0]) > 1e-3 * reference[0] or abs(sum_ - reference[1]) > 1e-3 * max(reference)):
                wrong.append(f"{shape} {operation}: {side} has {size} {sum_}, keeplora {reference[0]} {reference[1]}")
    if wrong:
        sys.exit("compare: results differ\n" + "\n".join(wrong))


def table(files):
    rounds, results = collections.defaultdict(list), collections.defaultdict(dict)
    for line in (line for file in files for line in Path(file).read_text().splitlines()):
        side, threads, shape, operation, median, low, high, processor, bytes_, _, size, sum_ = line.split("\t")
        rounds[shape, operation, threads, side].append((float(median), float(low), float(high), float(processor), bytes_))
        results[shape, operation][side] = (float(size), float(sum_))
    require_equal(results)
    print("| shape | operation | threads | side | median µs | quartiles µs | processor µs | bytes | times numpy's | times numpy's processor |")
    print("|---|---|---:|---|---:|---:|---:|---:|---:|---:|")
    middle = lambda key, i: statistics.median(shot[i] for shot in rounds[key])
    for key in rounds:
        shape, operation, threads, side = key
        numpy = (shape, operation, threads, "numpy")
        ratios = [f"{middle(key, i) / middle(numpy, i):.2f}" if numpy in rounds else "" for i in (0, 3)]
        print(f"| {shape} | {operation} | {threads} | {side} | {middle(key, 0):.1f} | {middle(key, 1):.1f}-{middle(key, 2):.1f}"
              f" | {middle(key, 3):.1f} | {rounds[key][0][4]} | {ratios[0]} | {ratios[1]} |")


if __name__ == "__main__":
    command, *arguments = sys.argv[1:]
    if command == "inputs":
        write_inputs(Path(arguments[0]), arguments[1], "growth" in arguments)
    elif command == "measure":
        facts()
        measure(arguments[0], float(arguments[1]), Path(arguments[2]), arguments[3:])
    else:
        table(arguments)
