"""The GPT-2 train step of transformers and PyTorch, eager with fused AdamW: a second yardstick.

    python tools/bench/torch_gpt2_step.py [--server] [--steps 20] [--layers 6 ...]

Needs torch and transformers (measured with 2.15 and 5.23); float32, no dropout.
"""

import torch
import transformers

from server import arguments, serve


def main():
    o = arguments(__doc__.splitlines()[0])
    torch.manual_seed(0)
    config = transformers.GPT2Config(
        vocab_size=o.words, n_positions=o.positions, n_embd=o.width, n_layer=o.layers, n_head=o.heads,
        resid_pdrop=0.0, embd_pdrop=0.0, attn_pdrop=0.0, bos_token_id=0, eos_token_id=0, use_cache=False)
    model = transformers.GPT2LMHeadModel(config).train()
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=o.learning_rate, weight_decay=o.weight_decay, fused=True)
    text = torch.randint(0, o.words, (o.rows, o.length + 1))
    tokens, targets = text[:, :-1].contiguous(), text[:, 1:].contiguous()

    def step():
        optimizer.zero_grad(set_to_none=True)
        logits = model(input_ids=tokens).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), targets.flatten())
        loss.backward()
        if o.max_grad_norm > 0:
            torch.nn.utils.clip_grad_norm_(model.parameters(), o.max_grad_norm)
        optimizer.step()
        return loss.item()

    about = {"name": "torch", "version": torch.__version__, "transformers": transformers.__version__,
             "threads": torch.get_num_threads(), "parameters": model.num_parameters()}
    serve(o, step, about)


if __name__ == "__main__":
    main()
