"""What the benchmark programs of this folder share: their shape, their timing, and their conversation with compare.py.

A program run with --server prints one line of JSON when it is ready to step, {"ready": true, ...}; then, for every line
"run N" on its standard input, it runs N steps and prints {"step_ms": median, "step_ms_best": least, "steps": N}; it ends
at the end of its input. Without --server it prints that one measurement and ends.
"""

import argparse
import json
import statistics
import sys
import time


def arguments(description):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--heads", type=int, default=8)
    parser.add_argument("--width", type=int, default=256)
    parser.add_argument("--words", type=int, default=8192)
    parser.add_argument("--positions", type=int, default=1024)
    parser.add_argument("--rows", type=int, default=4)
    parser.add_argument("--length", type=int, default=256)
    parser.add_argument("--max_grad_norm", type=float, default=1.0, help="0 leaves clipping out")
    parser.add_argument("--learning_rate", type=float, default=1e-3)
    parser.add_argument("--weight_decay", type=float, default=0.01)
    parser.add_argument("--steps", type=int, default=20)
    parser.add_argument("--server", action="store_true")
    return parser.parse_args()


def measure(step, count):
    """Times each of some steps; a step returns its loss once it is finished."""
    times = []
    loss = None
    for _ in range(count):
        start = time.perf_counter()
        loss = step()
        times.append(1e3 * (time.perf_counter() - start))
    return {"step_ms": round(statistics.median(times), 3), "step_ms_best": round(min(times), 3), "steps": count,
            "loss": round(float(loss), 5)}


def serve(options, step, about):
    """Warms the step up, then measures once or whenever asked."""
    start = time.perf_counter()
    step()
    about = {**about, "first_step_ms": round(1e3 * (time.perf_counter() - start), 1)}
    for _ in range(2):
        step()
    if not options.server:
        print(json.dumps({**about, **measure(step, options.steps)}), flush=True)
        return
    print(json.dumps({"ready": True, **about}), flush=True)
    for line in sys.stdin:
        words = line.split()
        if len(words) != 2 or words[0] != "run":
            print(json.dumps({"error": f"expected 'run N', got {line.strip()!r}"}), flush=True)
            continue
        print(json.dumps(measure(step, int(words[1]))), flush=True)
