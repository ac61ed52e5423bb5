package dev.hlotune.trainer.audit;

import java.util.Locale;

/** How bad a finding is. */
public enum Level {
  /** Worth knowing; nothing is wrong. */
  NOTE,
  /** Probably not what was meant. */
  WARNING,
  /** Training would go wrong without saying so. */
  ERROR;

  /** The name, as reports give it. */
  public String spelled() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The milder of two. */
  Level atMost(Level other) {
    return compareTo(other) < 0 ? this : other;
  }
}
