"""Writes a Llama-shaped model with random bfloat16 weights in shards, to measure loading and saving.

    python tools/bench/random_llama.py FOLDER [LAYERS WIDTH INNER VOCABULARY HEADS]

The defaults are those of a model of 7 billion parameters (13.5 GB). Needs numpy alone: a block of random bytes that are
small bfloat16 numbers is repeated, so that the disk sets the pace.
"""

import json
import pathlib
import sys

import numpy

SHARD = 5_000_000_000


def tensors(layers, width, inner, vocabulary):
    yield "model.embed_tokens.weight", (vocabulary, width)
    for i in range(layers):
        for name, shape in (
            ("self_attn.q_proj", (width, width)), ("self_attn.k_proj", (width, width)),
            ("self_attn.v_proj", (width, width)), ("self_attn.o_proj", (width, width)),
            ("mlp.gate_proj", (inner, width)), ("mlp.up_proj", (inner, width)), ("mlp.down_proj", (width, inner)),
            ("input_layernorm", (width,)), ("post_attention_layernorm", (width,)),
        ):
            yield f"model.layers.{i}.{name}.weight", shape
    yield "model.norm.weight", (width,)
    yield "lm_head.weight", (vocabulary, width)


def split(all_tensors):
    shards, size = [[]], 0
    for name, shape in all_tensors:
        count = 2 * int(numpy.prod(shape))
        if size + count > SHARD and shards[-1]:
            shards.append([])
            size = 0
        shards[-1].append((name, shape, count))
        size += count
    return shards


def main():
    folder = pathlib.Path(sys.argv[1])
    layers, width, inner, vocabulary, heads = [int(x) for x in sys.argv[2:]] or (32, 4096, 11008, 32000, 32)
    folder.mkdir(parents=True)
    generator = numpy.random.default_rng(1)
    # Exponents around 2^-7, any sign and mantissa.
    block = (generator.integers(0x3B00, 0x3C80, 1 << 23, dtype=numpy.uint16)
             | (generator.integers(0, 2, 1 << 23, dtype=numpy.uint16) << 15)).tobytes()
    shards = split(tensors(layers, width, inner, vocabulary))
    weight_map, total = {}, 0
    for i, shard in enumerate(shards):
        name = f"model-{i + 1:05d}-of-{len(shards):05d}.safetensors"
        header, at = {"__metadata__": {"format": "pt"}}, 0
        for tensor, shape, count in shard:
            header[tensor] = {"dtype": "BF16", "shape": shape, "data_offsets": [at, at + count]}
            at += count
            weight_map[tensor] = name
        text = json.dumps(header).encode()
        text += b" " * (-len(text) % 8)
        with open(folder / name, "wb") as file:
            file.write(len(text).to_bytes(8, "little") + text)
            left = at
            while left:
                left -= file.write(block[:left])
        total += at
    index = {"metadata": {"total_size": total}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    config = {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": vocabulary, "hidden_size": width,
        "intermediate_size": inner, "num_hidden_layers": layers, "num_attention_heads": heads,
        "num_key_value_heads": heads, "max_position_embeddings": 4096, "rms_norm_eps": 1e-5,
        "tie_word_embeddings": False, "torch_dtype": "bfloat16",
    }
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n")
    print(f"{folder}: {total / 1e9:.2f} GB in {len(shards)} shards")


if __name__ == "__main__":
    main()
