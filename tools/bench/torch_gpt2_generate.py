"""Greedy answers of a GPT-2 with random weights by transformers and PyTorch, with its cache: what "hlotune bench generate" is
measured against.

    python tools/bench/torch_gpt2_generate.py [--server] [--steps 64] [--rows 1] [--length 64]

Needs torch and transformers (measured with 2.15 and 5.23); float32. A step is one further token of every prompt, and takes
the time of an answer of N + 1 tokens less that of an answer of one token, divided by N. "first_ms" is the time of an answer
of one token, "prefill_ms" that of the model alone on the prompts.
"""

import argparse
import json
import statistics
import sys
import time

import torch
import transformers


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--layers", type=int, default=12)
    parser.add_argument("--heads", type=int, default=12)
    parser.add_argument("--width", type=int, default=768)
    parser.add_argument("--words", type=int, default=50257)
    parser.add_argument("--rows", type=int, default=1)
    parser.add_argument("--length", type=int, default=64)
    parser.add_argument("--steps", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--threads", type=int, default=0)
    parser.add_argument("--server", action="store_true")
    o = parser.parse_args()
    if o.threads:
        torch.set_num_threads(o.threads)
    torch.manual_seed(0)
    config = transformers.GPT2Config(
        vocab_size=o.words, n_positions=1024, n_embd=o.width, n_layer=o.layers, n_head=o.heads, bos_token_id=0,
        eos_token_id=0)
    model = transformers.GPT2LMHeadModel(config).eval()
    prompts = torch.randint(0, o.words, (o.rows, o.length))
    mask = torch.ones_like(prompts)

    def answer(tokens):
        start = time.perf_counter()
        with torch.no_grad():
            out = model.generate(
                prompts, attention_mask=mask, do_sample=False, min_new_tokens=tokens, max_new_tokens=tokens, pad_token_id=0)
        assert out.shape[1] == o.length + tokens
        return 1e3 * (time.perf_counter() - start)

    def prefill():
        start = time.perf_counter()
        with torch.no_grad():
            model(input_ids=prompts, attention_mask=mask, use_cache=True, logits_to_keep=1)
        return 1e3 * (time.perf_counter() - start)

    def measure(steps):
        alone, first = prefill(), answer(1)
        step = (answer(steps + 1) - first) / steps
        return {"step_ms": round(step, 3), "step_ms_best": round(step, 3), "steps": steps, "first_ms": round(first, 2),
                "prefill_ms": round(alone, 2), "tokens_per_second": round(1e3 * o.rows / step, 1)}

    measure(4)
    about = {"name": "torch", "version": torch.__version__, "transformers": transformers.__version__,
             "threads": torch.get_num_threads(), "rows": o.rows, "length": o.length}
    if not o.server:
        rounds = [measure(o.steps) for _ in range(o.rounds)]
        middle = {key: statistics.median(r[key] for r in rounds) for key in rounds[0]}
        print(json.dumps({**about, **middle}), flush=True)
        return
    print(json.dumps({"ready": True, **about}), flush=True)
    for line in sys.stdin:
        words = line.split()
        print(json.dumps(measure(int(words[1]))), flush=True)


if __name__ == "__main__":
    main()
