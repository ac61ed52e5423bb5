# /// script
# requires-python = ">=3.11"
# dependencies = ["rustbpe==0.1.0", "tiktoken==0.14.0", "tokenizers==0.23.3"]
# ///
"""Makes a tokenizer as nanochat has it, as the tokenizer.json that Hugging Face's libraries read.

    python train_tokenizer.py OUTPUT_DIRECTORY VOCABULARY_SIZE FILE...     trains one on files
    python train_tokenizer.py OUTPUT_DIRECTORY tokenizer.pkl               writes nanochat's own anew

A byte-level BPE, trained by nanochat's own library (rustbpe) over pieces of GPT-4's kind, numbers in pieces of two digits;
nanochat's nine special tokens stand behind it, in its order. Every way of putting a token together from two others is listed
as a merge, which gives the ids of tiktoken, with which nanochat encodes. Of a file of JSON Lines the texts are taken, of
any other file all of it. The same input gives the same files, byte for byte. Reading a tokenizer.pkl runs what is in it:
take only one that you trust.

configs/nanochat/tokenizer was made from the root of the repository by

    python tools/nanochat/train_tokenizer.py configs/nanochat/tokenizer 2048 LICENSE docs/adr/*.md docs/concepts.md \
        configs/nanochat/*.jsonl trainer/src/main/resources/dev/hlotune/trainer/tasks/*.txt
"""

import json
import pathlib
import pickle
import sys

import rustbpe
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, pre_tokenizers

# In nanochat's order: the first begins a conversation, the others begin and end its parts.
SPECIAL = ["<|bos|>"] + [
    f"<|{part}_{edge}|>" for part in ("user", "assistant", "python", "output") for edge in ("start", "end")
]
# Contractions; letters with one sign before them; one or two digits; signs; line breaks; other white space.
PIECES = (
    r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]++[\r\n]*"
    r"|\s*[\r\n]|\s+(?!\S)|\s+"
)


def texts(value):
    """All texts of a JSON value but the names of roles, types and labels."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from texts(one)
    elif isinstance(value, dict):
        for key, one in value.items():
            if key not in ("id", "role", "type", "label", "answerKey"):
                yield from texts(one)


def read(path):
    content = path.read_text(encoding="utf-8")
    if path.suffix != ".jsonl":
        return [content]
    return [text for line in content.splitlines() for text in texts(json.loads(line))]


def train(files, size):
    bpe = rustbpe.Tokenizer()
    corpus = [text for file in files for text in read(pathlib.Path(file))]
    bpe.train_from_iterator(iter(corpus), size - len(SPECIAL), pattern=PIECES)
    return {bytes(token): rank for token, rank in bpe.get_mergeable_ranks()}


def byte_letters():
    """The letters that stand for bytes in a byte-level vocabulary, as GPT-2 chose them."""
    shown = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    hidden = [byte for byte in range(256) if byte not in shown]
    return {byte: chr(byte) for byte in shown} | {byte: chr(256 + i) for i, byte in enumerate(hidden)}


def tokenizer(ranks, pattern):
    letters = byte_letters()
    spelled = {token: "".join(letters[byte] for byte in token) for token in ranks}
    merges = []
    for token, _ in sorted(ranks.items(), key=lambda entry: entry[1]):
        halves = [(token[:cut], token[cut:]) for cut in range(1, len(token))]
        known = [(left, right) for left, right in halves if left in ranks and right in ranks]
        for left, right in sorted(known, key=lambda pair: (ranks[pair[0]], ranks[pair[1]])):
            merges.append((spelled[left], spelled[right]))
    result = Tokenizer(models.BPE(vocab={spelled[token]: rank for token, rank in ranks.items()}, merges=merges))
    result.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(pattern), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False),
        ]
    )
    result.decoder = decoders.ByteLevel()
    result.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    return result


def write_json(path, value, **layout):
    path.write_text(json.dumps(value, ensure_ascii=False, **layout) + "\n", encoding="utf-8", newline="\n")


def main():
    if len(sys.argv) < 3 or (len(sys.argv) == 3 and not sys.argv[2].endswith(".pkl")):
        sys.exit("usage: train_tokenizer.py OUTPUT_DIRECTORY (VOCABULARY_SIZE FILE... | tokenizer.pkl)")
    output = pathlib.Path(sys.argv[1])
    if len(sys.argv) == 3:
        with open(sys.argv[2], "rb") as file:
            encoding = pickle.load(file)  # A tiktoken.Encoding.
        ranks, pattern = encoding._mergeable_ranks, encoding._pat_str
        special = sorted(encoding._special_tokens, key=encoding._special_tokens.get)
        if special != SPECIAL:
            sys.exit(f"{sys.argv[2]}: expected the special tokens {SPECIAL}, got {special}")
    else:
        ranks, pattern = train(sys.argv[3:], int(sys.argv[2])), PIECES
    output.mkdir(parents=True, exist_ok=True)
    made = tokenizer(ranks, pattern)
    write_json(output / "tokenizer.json", json.loads(made.to_str()), separators=(",", ":"))
    write_json(
        output / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "clean_up_tokenization_spaces": False,
            "bos_token": "<|bos|>",
            "eos_token": "<|assistant_end|>",
            "pad_token": "<|assistant_end|>",
            "additional_special_tokens": [token for token in SPECIAL if token not in ("<|bos|>", "<|assistant_end|>")],
        },
        indent=2,
    )
    print(f"{made.get_vocab_size()} tokens in {output}")


if __name__ == "__main__":
    main()
