package dev.hlotune.trainer.export;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What an array is to an exported program. */
public enum Role {
  /** A weight, or a number that belongs to the model as one. */
  WEIGHT("weight"),
  /** A piece of the optimizer's state. */
  OPTIMIZER("optimizer"),
  /** Tokens and what goes with them: new for every run. */
  BATCH("batch"),
  /** A number that is set for a run, such as the learning rate. */
  SETTING("setting"),
  /** Keys or values of a layer. */
  CACHE("cache"),
  /** What a program is run for. */
  RESULT("result");

  private final String spelled;

  Role(String spelled) {
    this.spelled = spelled;
  }

  /** As manifests spell it. */
  public String spelled() {
    return spelled;
  }

  /** The role of that spelling, if there is one. */
  public static Optional<Role> named(String name) {
    return Arrays.stream(values()).filter(role -> role.spelled.equals(name)).findFirst();
  }

  /** All spellings. */
  public static List<String> names() {
    return Arrays.stream(values()).map(Role::spelled).toList();
  }
}
