"""A GPT-2 train step written plainly in JAX: the yardstick for hlotune's own step on the same device.

    python tools/bench/jax_gpt2_step.py [--server] [--steps 20] [--layers 6 ...]

Pre-norm blocks, learned positions, exact causal softmax attention, tanh GELU, tied head, cross-entropy over all positions,
clipping by global norm, AdamW; float32, one jitted function with donated state. Needs jax (measured with 0.10.2).
"""

import functools
import math

import jax
import jax.numpy as jnp
import numpy as np

from server import arguments, serve

BETA1, BETA2, EPSILON = 0.9, 0.999, 1e-8


def initial_parameters(o, key):
    keys = iter(jax.random.split(key, 4 * o.layers + 2))

    def dense(inputs, outputs):
        return {"weight": 0.02 * jax.random.normal(next(keys), (inputs, outputs)), "bias": jnp.zeros(outputs)}

    def norm():
        return {"weight": jnp.ones(o.width), "bias": jnp.zeros(o.width)}

    return {
        "wte": 0.02 * jax.random.normal(next(keys), (o.words, o.width)),
        "wpe": 0.01 * jax.random.normal(next(keys), (o.positions, o.width)),
        "blocks": [
            {"ln_1": norm(), "attention": dense(o.width, 3 * o.width), "projection": dense(o.width, o.width),
             "ln_2": norm(), "up": dense(o.width, 4 * o.width), "down": dense(4 * o.width, o.width)}
            for _ in range(o.layers)],
        "ln_f": norm(),
    }


def apply_dense(p, x):
    return x @ p["weight"] + p["bias"]


def apply_norm(p, x):
    mean = x.mean(-1, keepdims=True)
    variance = ((x - mean) ** 2).mean(-1, keepdims=True)
    return (x - mean) * jax.lax.rsqrt(variance + 1e-5) * p["weight"] + p["bias"]


def attention(o, p, x):
    rows, length, width = x.shape
    query, key, value = jnp.split(apply_dense(p["attention"], x), 3, axis=-1)
    query, key, value = (t.reshape(rows, length, o.heads, width // o.heads) for t in (query, key, value))
    scores = jnp.einsum("bqhd,bkhd->bhqk", query, key) / math.sqrt(width // o.heads)
    causal = jnp.tril(jnp.ones((length, length), dtype=bool))
    probabilities = jax.nn.softmax(jnp.where(causal, scores, -jnp.inf), axis=-1)
    mixed = jnp.einsum("bhqk,bkhd->bqhd", probabilities, value)
    return apply_dense(p["projection"], mixed.reshape(rows, length, width))


def loss_of(o, p, tokens, targets):
    x = p["wte"][tokens] + p["wpe"][: tokens.shape[1]]
    for block in p["blocks"]:
        x = x + attention(o, block, apply_norm(block["ln_1"], x))
        hidden = jax.nn.gelu(apply_dense(block["up"], apply_norm(block["ln_2"], x)), approximate=True)
        x = x + apply_dense(block["down"], hidden)
    logits = apply_norm(p["ln_f"], x) @ p["wte"].T
    log_probabilities = jax.nn.log_softmax(logits, axis=-1)
    return -jnp.take_along_axis(log_probabilities, targets[..., None], axis=-1).mean()


def train_step(o, state, tokens, targets, learning_rate):
    parameters, first, second, count = state
    loss, gradients = jax.value_and_grad(functools.partial(loss_of, o))(parameters, tokens, targets)
    if o.max_grad_norm > 0:
        norm = jnp.sqrt(sum(jnp.vdot(g, g) for g in jax.tree.leaves(gradients)))
        gradients = jax.tree.map(lambda g: g * jnp.minimum(1.0, o.max_grad_norm / (norm + 1e-6)), gradients)
    count = count + 1
    first = jax.tree.map(lambda m, g: BETA1 * m + (1 - BETA1) * g, first, gradients)
    second = jax.tree.map(lambda v, g: BETA2 * v + (1 - BETA2) * g * g, second, gradients)

    def update(p, m, v):
        step = (m / (1 - BETA1**count)) / (jnp.sqrt(v / (1 - BETA2**count)) + EPSILON)
        return p - learning_rate * (step + o.weight_decay * p)

    return (jax.tree.map(update, parameters, first, second), first, second, count), loss


def main():
    o = arguments(__doc__.splitlines()[0])
    parameters = initial_parameters(o, jax.random.key(0))
    zeros = functools.partial(jax.tree.map, jnp.zeros_like)
    state = [(parameters, zeros(parameters), zeros(parameters), jnp.float32(0))]
    text = np.random.default_rng(0).integers(0, o.words, (o.rows, o.length + 1), dtype=np.int32)
    tokens, targets = jnp.asarray(text[:, :-1]), jnp.asarray(text[:, 1:])
    compiled = jax.jit(functools.partial(train_step, o), donate_argnums=0)

    def step():
        state[0], loss = compiled(state[0], tokens, targets, jnp.float32(o.learning_rate))
        jax.block_until_ready(state[0])
        return loss

    count = sum(leaf.size for leaf in jax.tree.leaves(parameters))
    serve(o, step, {"name": "jax", "version": jax.__version__, "parameters": count})


if __name__ == "__main__":
    main()
