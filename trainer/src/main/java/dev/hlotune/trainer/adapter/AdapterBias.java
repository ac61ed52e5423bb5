package dev.hlotune.trainer.adapter;

import java.util.Locale;

/** Which biases are trained beside adapters, PEFT's {@code bias}. */
public enum AdapterBias {
  /** None. */
  NONE,
  /** All of the model's. */
  ALL,
  /** Those of the layers with an adapter. */
  LORA_ONLY;

  /** As {@code adapter_config.json} spells it. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }
}
