#!/usr/bin/env python3
"""The same work asked of PyTorch, for comparison: its times stand beside those of org.keeplora.bench.Bench.

Shapes are those of CLIP ViT-B/16, named as there. VIT_B16_MODEL: 48 vision sites of 768 x 768, k = 300, and 48 text sites of
512 x 512, k = 200. VIT_B16_BLOCK: four vision sites. Features: 64 images x 197 tokens, 768 wide.
  project         R = G - M (M'G), site by site
  project-batched the same, each tower's sites in one batch
  start           R, then torch.svd_lowrank (q = 4 r, 4 power iterations): A = U_r, B = S_r V_r'; site by site
  start-batched   the same, each tower's sites in one batch
  grow            one site, what the authors' way asks of torch.linalg.svd: the SVD of the residual features X - M (M'X), then the
                  leading left vectors until the share of the energy is covered
  grow-moments    by algebra the same from second moments C = XX': eigenvectors of (I - MM') C (I - MM') in float64; site by site
  grow-batched    the same, each tower's sites in one stack, bases padded with zeros
VIT_B16_MODEL_RAGGED: the sites when a later task begins, each with its own k; M and what C holds outside it as in the benchmark there.
  multiply-...    torch.matmul at these shapes: what cuBLAS does when called well
Everything is float32 with TF32 off unless the name says otherwise. Results are checked against float64 before anything is timed, and
a wrong one ends the program with exit code 1. A shot is timed from a synchronised device to a synchronised device.

Writes peer.json and peer.txt into the folder --out.
"""

import argparse
import json
import math
import os
import statistics
import sys
import time

import torch

# Width, protected columns and number of each tower's sites.
TOWERS = [(768, 300, 48), (512, 200, 48)]
BLOCK = 4
WIDTH = TOWERS[0][0]
SLOTS = 64 * 197
RANK = 16
SKETCH = 4 * RANK
POWER_ITERATIONS = 4
FEATURE_ENERGY = 0.99

# Norm-wise, relative, against float64: float32's epsilon (6e-8) times the root of the longest sum (768), tenfold.
FLOAT32_BOUND = 10 * 6e-8 * math.sqrt(WIDTH)
# Of a subspace found in float32: the same, magnified by how close the spectrum's neighbours lie at the cut.
SUBSPACE_BOUND = 1e-3
# What A B may lie further from R than the best approximation of its rank: the sketch is four times wider than the rank.
LOW_RANK_BOUND = 1e-2

LEAST_SHOTS = 3
MOST_SHOTS = 100


class Tower:
    """Bases [n x width x k] and gradients [n x width x width] of its sites."""

    def __init__(self, problems, width, protected, sites):
        # Made for a few sites and scaled for the rest, because a QR for each takes longer than what is measured.
        decay = torch.pow(torch.tensor(0.97), torch.arange(width))
        kinds = [(problems.basis(width, protected), problems.spectrum(width, decay)) for _ in range(4)]
        self.bases = torch.stack([kinds[i % 4][0] for i in range(sites)])
        self.gradients = torch.stack([kinds[i % 4][1] * (1 + i / sites) for i in range(sites)])


class LaterTask:
    """Bases [width x k] float32 and moments [width x width] float64 of a tower whose sites have their own k (SiteShape.LATER_TASK)."""

    # Part of the energy outside M, by site.
    OUTSIDE = (0.008, 0.0105, 0.0115, 0.013, 0.0095)

    def __init__(self, problems, width, least, step, sites):
        frames = [problems.basis(width, width).double() for _ in range(4)]
        self.bases, moments = [], {}
        for site in range(sites):
            seat = site % 4 if site % 4 < 3 else 0
            layer_input = 2 * (site // 4) + (site % 4 == 3)
            common = least + step * (layer_input * 7 % 24)
            frame = frames[layer_input % 4]
            self.bases.append(torch.cat([frame[:, :common], frame[:, width - 2 * seat :]], dim=1).float())
            if layer_input not in moments:
                moments[layer_input] = (frame * self.energies(width, common).to(frame)) @ frame.mT
            moments[site, "of"] = moments[layer_input]
        self.moments = torch.stack([moments[site, "of"] for site in range(sites)])
        widest = max(basis.shape[1] for basis in self.bases)
        self.padded = torch.stack([torch.nn.functional.pad(basis, (0, widest - basis.shape[1])) for basis in self.bases])

    def energies(self, width, common):
        outside = self.OUTSIDE[common // 2 % len(self.OUTSIDE)]
        inner = torch.arange(1, common + 1).double().pow(-1.5)
        outer = torch.arange(1, width - common + 1).double().pow(-0.6)
        return torch.cat([inner / inner.sum() * (1 - outside), outer / outer.sum() * outside])

    def sites(self):
        return list(zip(self.bases, self.moments))


class Problems:
    """The operands, made once, the same for every shot."""

    def __init__(self, device):
        self.device = device
        self.generator = torch.Generator(device="cpu").manual_seed(42)
        self.towers = [Tower(self, *tower) for tower in TOWERS]
        self.later = [LaterTask(self, 768, 205, 16, 48), LaterTask(self, 512, 125, 12, 48)]
        # [768 x 12608], deviations of the directions falling as 1/i, turned.
        falling = self.gaussian(WIDTH, SLOTS) / torch.arange(1, WIDTH + 1, device=device).unsqueeze(1)
        self.features = self.basis(WIDTH, WIDTH) @ falling
        self.moment = self.features.double() @ self.features.double().mT
        self.energy = self.moment.trace()

    def sites(self):
        """(basis, gradient) of every site, vision first."""
        return [site for tower in self.towers for site in zip(tower.bases, tower.gradients)]

    def gaussian(self, rows, cols):
        return torch.randn(rows, cols, generator=self.generator).to(self.device)

    def basis(self, width, cols):
        """Orthonormal columns [width x cols] float32, made in float64."""
        return torch.linalg.qr(self.gaussian(width, cols).double())[0].float().contiguous()

    def spectrum(self, width, values):
        """A matrix [width x width] float32 with these singular values."""
        return ((self.basis(width, width) * values.to(self.device)) @ self.basis(width, width).mT).contiguous()


# --- what is timed -------------------------------------------------------------------------------------------------------------


def project(basis, target):
    return target - basis @ (basis.mT @ target)


def start(basis, gradient):
    residual = project(basis, gradient)
    left, values, right = torch.svd_lowrank(residual, q=SKETCH, niter=POWER_ITERATIONS)
    return left[..., :RANK], values[..., :RANK, None] * right[..., :RANK].mT


def grow(basis, features, total):
    """The grown basis [768 x k]; total = the energy of the features."""
    residual = project(basis, features)
    left, values, _ = torch.linalg.svd(residual, full_matrices=False)
    return append(basis, left, values.double().square(), total)


def grow_moments(basis, moment):
    """The same from the second moment [768 x 768] float64."""
    wide = basis.double()
    half = project(wide, moment)
    values, vectors = torch.linalg.eigh(project(wide, half.mT))
    return append(basis, vectors.flip(1).to(basis.dtype), values.flip(0).clamp(min=0), moment.trace())


def grow_batched(tower):
    """grow_moments of a tower's sites with one eigh of the stack."""
    wide = tower.padded.double()
    half = project(wide, tower.moments)
    values, vectors = torch.linalg.eigh(project(wide, half.mT))
    totals = tower.moments.diagonal(dim1=1, dim2=2).sum(1)
    return [
        append(basis, vectors[i].flip(1).to(basis.dtype), values[i].flip(0).clamp(min=0), totals[i])
        for i, basis in enumerate(tower.bases)
    ]


def append(basis, vectors, energies, total):
    """Leading vectors behind the basis until its share of the energy is reached; energies descend."""
    covered = (total - energies.sum() + torch.cumsum(energies, 0)) / total
    added = int((covered < FEATURE_ENERGY).sum()) + 1
    if float(total - energies.sum()) >= FEATURE_ENERGY * float(total):
        added = 0
    return torch.cat([basis, vectors[:, :added]], dim=1)


# --- checks ----------------------------------------------------------------------------------------------------------------------


class WrongResult(Exception):
    """A result that is further from the reference than its bound."""


def require(what, error, bound):
    if not error <= bound:
        raise WrongResult(f"{what}: off by {error:.3e}, allowed is {bound:.1e}")


def relative(value, reference):
    return float(torch.linalg.norm(value.double() - reference) / torch.linalg.norm(reference))


def check_projection(problems):
    for tower in problems.towers:
        reference = project(tower.bases.double(), tower.gradients.double())
        batched = project(tower.bases, tower.gradients)
        for site, (basis, gradient) in enumerate(zip(tower.bases, tower.gradients)):
            require(f"project, site {site}", relative(project(basis, gradient), reference[site]), FLOAT32_BOUND)
            require(f"project-batched, site {site}", relative(batched[site], reference[site]), FLOAT32_BOUND)


def check_start(problems):
    for tower in problems.towers:
        basis, gradient = tower.bases[-1], tower.gradients[-1]
        a, b = start(basis, gradient)
        stacked, _ = start(tower.bases, tower.gradients)
        require("start-batched: M'A", float((tower.bases.double().mT @ stacked.double()).abs().max()), SUBSPACE_BOUND)
        residual = project(basis.double(), gradient.double())
        best = float(torch.linalg.norm(torch.linalg.svdvals(residual)[RANK:]))
        distance = float(torch.linalg.norm(residual - a.double() @ b.double()))
        require(f"start: distance beyond the best of rank {RANK}", distance / best - 1, LOW_RANK_BOUND)
        require("start: M'A", float((basis.double().mT @ a.double()).abs().max()), SUBSPACE_BOUND)


def check_growth(problems):
    """Columns of the grown basis."""
    basis = problems.towers[0].bases[0]
    residual = project(basis.double(), problems.features.double())
    values, vectors = torch.linalg.eigh(residual @ residual.mT)
    reference = append(basis.double(), vectors.flip(1), values.flip(0).clamp(min=0), problems.energy)
    ways = (
        ("grow", grow(basis, problems.features, problems.energy)),
        ("grow-moments", grow_moments(basis, problems.moment)),
    )
    for name, grown in ways:
        # The count may differ by one where the share is met within rounding; the smaller space must lie in the larger.
        require(f"{name}: columns", abs(grown.shape[1] - reference.shape[1]), 1)
        small, large = sorted((grown.double(), reference), key=lambda columns: columns.shape[1])
        outside = project(large, small)
        require(f"{name}: subspace", float(torch.linalg.matrix_norm(outside, 2)), SUBSPACE_BOUND)
    return reference.shape[1]


def check_later(problems):
    """The ranks of all sites, site by site and in a stack."""
    for tower in problems.later:
        alone = [grow_moments(*site) for site in tower.sites()]
        for site, (one, other) in enumerate(zip(alone, grow_batched(tower))):
            require(f"grow-batched, site {site}: columns", abs(one.shape[1] - other.shape[1]), 0)
            require(f"grow-batched, site {site}: subspace", float(torch.linalg.matrix_norm(project(one, other), 2)), SUBSPACE_BOUND)


def products(problems):
    """Name, left and right of each torch.matmul; names are rows x inner x columns."""
    vision, features = problems.towers[0], problems.features
    large = 4096 if problems.device == "cuda" else 1024
    big = problems.gaussian(large, large)
    sites = len(vision.bases)
    return [
        (f"multiply-{large}x{large}x{large}", big, big),
        ("multiply-768x768x768", vision.gradients[0], vision.gradients[1]),
        (f"multiply-{sites}-times-768x768x768", vision.gradients, vision.gradients),
        (f"multiply-{sites}-times-300x768x768", vision.bases.mT, vision.gradients),
        (f"multiply-{sites}-times-768x300x300", vision.bases, vision.bases[:, :300, :]),
        ("multiply-768x12608x768-float32", features, features.mT),
        ("multiply-768x12608x768-float64", features.double(), features.double().mT),
    ]


def check_products(cases):
    for name, left, right in cases:
        reference = left.double() @ right.double()
        if left.dtype == torch.float64:
            reference = torch.matmul(left.cpu(), right.cpu()).to(left.device)
        require(name, relative(left @ right, reference), FLOAT32_BOUND)


# --- timing ----------------------------------------------------------------------------------------------------------------------


def synchronize():
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def shots(operation, seconds):
    """Milliseconds of each shot, after one that is not counted; until the seconds are spent, with a least and a most number."""
    operation()
    synchronize()
    times = []
    until = time.perf_counter() + seconds
    while len(times) < LEAST_SHOTS or (len(times) < MOST_SHOTS and time.perf_counter() < until):
        begin = time.perf_counter()
        operation()
        synchronize()
        times.append(1000 * (time.perf_counter() - begin))
    return times


def row(name, times, sites=1, operations=0):
    """operations: floating-point operations of a shot, where they are a fixed number."""
    median = statistics.median(times)
    return {
        "name": name,
        "sites": sites,
        "shots": len(times),
        "ms_median": median,
        "ms_min": min(times),
        "ms_max": max(times),
        "gflops_median": operations / median / 1e6 if operations else None,
    }


def measure(problems, cases, seconds):
    sites = problems.sites()
    projections = sum(count * 4 * width * width * protected for width, protected, count in TOWERS)
    basis = problems.towers[0].bases[0]
    block = problems.towers[0].bases[:BLOCK]
    work = [
        ("project VIT_B16_MODEL", lambda: [project(m, g) for m, g in sites], len(sites), projections),
        ("project-batched VIT_B16_MODEL", lambda: [project(t.bases, t.gradients) for t in problems.towers], len(sites), projections),
        ("start VIT_B16_BLOCK", lambda: [start(m, g) for m, g in sites[:BLOCK]], BLOCK, 0),
        ("start VIT_B16_MODEL", lambda: [start(m, g) for m, g in sites], len(sites), 0),
        ("start-batched VIT_B16_MODEL", lambda: [start(t.bases, t.gradients) for t in problems.towers], len(sites), 0),
        ("grow-moments VIT_B16_MODEL_RAGGED", lambda: [grow_moments(*s) for t in problems.later for s in t.sites()], len(sites), 0),
        ("grow-batched VIT_B16_MODEL_RAGGED", lambda: [grow_batched(t) for t in problems.later], len(sites), 0),
        ("grow 768x12608", lambda: grow(basis, problems.features, problems.energy), 1, 0),
        ("grow-moments VIT_B16_BLOCK", lambda: [grow_moments(m, problems.moment) for m in block], BLOCK, 0),
    ]
    for name, left, right in cases:
        operations = 2 * math.prod(left.shape) * right.shape[-1]
        batch = left.shape[0] if left.dim() == 3 else 1
        work.append((name, lambda left=left, right=right: torch.matmul(left, right), batch, operations))
    for name, operation, count, operations in work:
        yield row(name, shots(operation, seconds / len(work)), count, operations)


# --- output ----------------------------------------------------------------------------------------------------------------------


def machine():
    gpu = torch.cuda.is_available()
    return {
        "device": torch.cuda.get_device_name(0) if gpu else "cpu",
        "torch": torch.__version__,
        "cuda": torch.version.cuda,
        "tf32": False,
        "svd_driver": "PyTorch's choice",
    }


def text(facts, rows):
    yield f"{facts['device']}, torch {facts['torch']}, CUDA {facts['cuda']}, float32 without TF32"
    yield ""
    yield "| work | sites | median ms | least | most | shots | GFLOP/s |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for r in rows:
        rate = f"{r['gflops_median']:.0f}" if r["gflops_median"] else ""
        yield (
            f"| {r['name']} | {r['sites']} | {r['ms_median']:.3f} | {r['ms_min']:.3f} | {r['ms_max']:.3f} | {r['shots']} | {rate} |"
        )


def main():
    arguments = argparse.ArgumentParser(description="The same work asked of PyTorch.")
    arguments.add_argument("--out", required=True, help="folder for peer.json and peer.txt")
    arguments.add_argument("--seconds", type=float, default=60, help="for all timing together, about")
    arguments.add_argument("--device", choices=["cuda", "cpu"], default="cuda")
    options = arguments.parse_args()

    torch.set_float32_matmul_precision("highest")
    torch.manual_seed(42)
    with torch.no_grad():
        problems = Problems(options.device)
        cases = products(problems)
        check_projection(problems)
        check_start(problems)
        columns = check_growth(problems)
        check_later(problems)
        check_products(cases)
        print(f"results checked; the basis grows from {TOWERS[0][1]} to {columns} columns", flush=True)
        facts, rows = machine(), []
        os.makedirs(options.out, exist_ok=True)
        for result in measure(problems, cases, options.seconds):
            # Written after each row, so that what is measured is kept should the time run out.
            rows.append(result)
            with open(os.path.join(options.out, "peer.json"), "w", encoding="utf-8") as file:
                json.dump({"machine": facts, "rows": rows}, file, indent=2)
            with open(os.path.join(options.out, "peer.txt"), "w", encoding="utf-8") as file:
                file.write("\n".join(text(facts, rows)) + "\n")
            print(list(text(facts, [result]))[-1], flush=True)


if __name__ == "__main__":
    try:
        main()
    except WrongResult as wrong:
        sys.exit(f"peer.py: {wrong}")
