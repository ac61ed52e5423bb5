# /// script
# requires-python = ">=3.11"
# dependencies = ["tokenizers==0.23.3"]
# ///
"""Makes the tokenizer of the quickstart: `python train_tokenizer.py TRAIN.jsonl OUTPUT_DIRECTORY`.

A byte-level BPE vocabulary of the 256 bytes and of those whole pieces (words, `-t`, punctuation)
that occur often in the training conversations; there are no merges, and `ignore_merges` takes a
piece whole if the vocabulary has it. So the words that the questions are made of are one token
each, while the words that they are about, each of which is rare, come apart into letters, which
is what a model needs to see in order to spell and to count. Digits stand alone.
The same input gives the same files, byte for byte.
"""

import json
import pathlib
import string
import sys
from collections import Counter

from tokenizers import AddedToken, Regex, Tokenizer, __version__, decoders, models, pre_tokenizers

TOKENIZERS = "0.23.3"
# The letters of an answer with their hyphen; words with the space before; single digits; the rest.
PIECES = r"-[a-z]| ?[A-Za-z]+|[0-9]| ?[^\sA-Za-z0-9]|\s"
# A word that is asked about occurs in eight questions, the words of a phrasing in many more.
LEAST_COUNT = 16
END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
HYPHENATED = [f"-{letter}" for letter in string.ascii_lowercase]
SPECIAL = (END_OF_TEXT, START, END)
CHAT_TEMPLATE = (
    "{% for message in messages %}"
    "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}"
    "{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"
)


def pre_tokenizer():
    return pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(PIECES), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, trim_offsets=False, use_regex=False),
        ]
    )


def frequent_pieces(conversations):
    """Pieces of more than one byte that occur at least LEAST_COUNT times, the most frequent first."""
    split = pre_tokenizer()
    counts = Counter(["user", "assistant", "system", *HYPHENATED] * LEAST_COUNT)
    for conversation in conversations:
        for message in conversation["messages"]:
            counts.update(piece for piece, _ in split.pre_tokenize_str(message["content"]))
    frequent = [p for p, n in counts.items() if n >= LEAST_COUNT and len(p) > 1]
    return sorted(frequent, key=lambda piece: (-counts[piece], piece))


def train(conversations):
    tokens = [*SPECIAL, *sorted(pre_tokenizers.ByteLevel.alphabet())]
    tokens += frequent_pieces(conversations)
    vocabulary = {token: index for index, token in enumerate(tokens)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[], ignore_merges=True))
    tokenizer.pre_tokenizer = pre_tokenizer()
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens([AddedToken(token, special=True, normalized=False) for token in SPECIAL])
    return tokenizer


def write_json(path, value):
    text = json.dumps(value, indent=2, ensure_ascii=False) + "\n"
    path.write_text(text, encoding="utf-8", newline="\n")


def main():
    if len(sys.argv) != 3:
        sys.exit("usage: train_tokenizer.py TRAIN.jsonl OUTPUT_DIRECTORY")
    if __version__ != TOKENIZERS:
        sys.exit(f"tokenizers: expected version {TOKENIZERS}, got {__version__}")
    lines = pathlib.Path(sys.argv[1]).read_text(encoding="utf-8").splitlines()
    output = pathlib.Path(sys.argv[2])
    output.mkdir(parents=True, exist_ok=True)
    tokenizer = train([json.loads(line) for line in lines])
    write_json(output / "tokenizer.json", json.loads(tokenizer.to_str()))
    write_json(
        output / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": 128,
            "clean_up_tokenization_spaces": False,
            "eos_token": END,
            "pad_token": END_OF_TEXT,
            "additional_special_tokens": [START],
            "chat_template": CHAT_TEMPLATE,
        },
    )
    write_json(
        output / "special_tokens_map.json",
        {"eos_token": END, "pad_token": END_OF_TEXT, "additional_special_tokens": [START]},
    )
    print(f"{tokenizer.get_vocab_size()} tokens in {output}")


if __name__ == "__main__":
    main()
