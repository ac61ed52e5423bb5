package dev.hlotune.configs;

import java.util.List;
import java.util.Map;

/** The keys of which weights are trained. */
final class FreezeKeys {
  private FreezeKeys() {}

  static final Key<List<String>> FROZEN =
      Key.optional(
          "frozen_parameters",
          new TextList(),
          "Regular expressions; weights in whose names one is found are not trained, take no"
              + " gradient and no optimizer state. Without it, all are trained.");

  static final Key<Map<String, String>> UNFREEZE =
      Key.optional(
          "unfreeze_steps",
          new TextMap(),
          "After so many updates, frozen weights in whose names the expression is found are trained"
              + " too, from there on with fresh optimizer state: {100: 'h\\\\.(10|11)\\\\.', 200: '.*'}."
              + " Without it, they stay frozen.");
}
