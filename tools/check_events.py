"""Prints what TensorBoard reads of a folder with event files, as JSON.

    python tools/check_events.py FOLDER

Scalars by tag as pairs of step and value, texts by tag. Needs tensorboard.
"""

import json
import sys

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator


def main():
    events = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0, "tensors": 0})
    events.Reload()
    tags = events.Tags()
    print(json.dumps({
        "scalars": {tag: [[e.step, e.value] for e in events.Scalars(tag)] for tag in tags["scalars"]},
        "texts": {tag: [e.tensor_proto.string_val[0].decode() for e in events.Tensors(tag)]
                  for tag in tags["tensors"]},
    }))


if __name__ == "__main__":
    main()
