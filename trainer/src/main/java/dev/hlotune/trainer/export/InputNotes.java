package dev.hlotune.trainer.export;

import static java.util.Map.entry;

import java.util.Map;

/** What inputs mean, in a sentence for people. */
final class InputNotes {
  private static final Map<String, String> NOTES =
      Map.ofEntries(
          entry("tokens", "ids of the tokens"),
          entry("targets", "the token that comes next at each position"),
          entry(
              "segments",
              "which example of its row a position belongs to, from 1; 0 is padding; positions see"
                  + " those before them in the same segment"),
          entry("positions", "places within the example, from 0"),
          entry("weights", "how much each target counts in the loss; 0 for none"),
          entry("learning_rate", "of this step; schedules are computed by the caller"),
          entry("random.seed", "of the run; equal seeds and steps give equal random bits"),
          entry("random.step", "number of the step, from 0"),
          entry(
              "starts",
              "the place of each row's first token; prompts stand at the right, so it is their"
                  + " room less their length"),
          entry("token", "the token of each row that comes next"),
          entry(
              "slot",
              "the place of that token, the same in all rows: the room of the prompts for the first,"
                  + " then one more each time"));

  private InputNotes() {}

  static String of(String name, Role role) {
    return switch (role) {
      case BATCH, SETTING -> NOTES.getOrDefault(name, role == Role.SETTING ? "an amount" : "");
      case WEIGHT, OPTIMIZER, CACHE, RESULT -> "";
    };
  }
}
