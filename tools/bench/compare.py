"""Measures train steps of several programs alternately, in one sitting, and prints their ratios.

    python tools/bench/compare.py [--rounds 7] [--steps 10] [--side NAME=COMMAND]... [--base jax] [--json]

Without --side it runs hlotune (./hlotune bench --server) and jax (jax_gpt2_step.py --server); --torch adds
torch_gpt2_step.py. Each side is a program that speaks as server.py says. All are started and warmed up first; then every
round asks each in turn for the same number of steps, so that whatever else the machine does falls on all alike. A ratio is
the median over the rounds of (side's median step / base's median step in the same round).
"""

import argparse
import json
import pathlib
import shlex
import statistics
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Side:
    """One program, started and ready."""

    def __init__(self, name, command):
        self.name = name
        self.rounds = []
        self.process = subprocess.Popen(
            shlex.split(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT)
        self.about = self.answer()
        if not self.about.get("ready"):
            sys.exit(f"{name}: expected a line with \"ready\", got {self.about}")

    def answer(self):
        for line in self.process.stdout:
            if line.lstrip().startswith("{"):
                return json.loads(line)
        sys.exit(f"{self.name}: expected a line of JSON, got the end of its output (exit code {self.process.wait()})")

    def run(self, steps):
        self.process.stdin.write(f"run {steps}\n")
        self.process.stdin.flush()
        result = self.answer()
        if "step_ms" not in result:
            sys.exit(f"{self.name}: expected \"step_ms\", got {result}")
        self.rounds.append(result)

    def close(self):
        self.process.stdin.close()
        self.process.wait(timeout=60)

    def summary(self, base):
        ratios = [mine["step_ms"] / other["step_ms"] for mine, other in zip(self.rounds, base.rounds)]
        return {
            "step_ms": round(statistics.median(r["step_ms"] for r in self.rounds), 2),
            "step_ms_best": round(min(r["step_ms_best"] for r in self.rounds), 2),
            "ratio": round(statistics.median(ratios), 3), "ratio_least": round(min(ratios), 3),
            "ratio_most": round(max(ratios), 3),
            "ratio_best": round(min(r["step_ms_best"] for r in self.rounds)
                                / min(r["step_ms_best"] for r in base.rounds), 3),
            "about": self.about,
        }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--side", action="append", default=[], metavar="NAME=COMMAND")
    parser.add_argument("--torch", action="store_true")
    parser.add_argument("--base", default="jax")
    parser.add_argument("--json", action="store_true")
    options = parser.parse_args()
    python = shlex.quote(sys.executable)
    commands = dict(side.split("=", 1) for side in options.side)
    if not commands:
        commands = {"hlotune": "./hlotune bench --server", "jax": f"{python} {HERE}/jax_gpt2_step.py --server"}
    if options.torch:
        commands["torch"] = f"{python} {HERE}/torch_gpt2_step.py --server"
    if options.base not in commands:
        parser.error(f"--base: expected one of {sorted(commands)}, got '{options.base}'")

    sides = {name: Side(name, command) for name, command in commands.items()}
    for number in range(options.rounds):
        order = list(sides.values())
        for side in order if number % 2 == 0 else order[::-1]:
            side.run(options.steps)
            print(f"round {number + 1}: {side.name} {side.rounds[-1]['step_ms']:.1f} ms", file=sys.stderr)
    result = {name: side.summary(sides[options.base]) for name, side in sides.items()}
    for side in sides.values():
        side.close()
    if options.json:
        print(json.dumps(result))
        return
    print(f"{'':10} {'median ms':>10} {'best ms':>10} {'/ ' + options.base:>8} {'range':>15} {'best/best':>10}")
    for name, row in result.items():
        spread = f"{row['ratio_least']:.2f}-{row['ratio_most']:.2f}"
        print(f"{name:10} {row['step_ms']:10.1f} {row['step_ms_best']:10.1f} {row['ratio']:8.2f} {spread:>15} "
              f"{row['ratio_best']:10.2f}")


if __name__ == "__main__":
    main()
