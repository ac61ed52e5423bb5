package dev.hlotune.configs;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/**
 * Weights that are trained otherwise than the rest.
 *
 * @param params a regular expression, found anywhere in the name that a weight has in model files
 * @param learningRate the highest rate of these weights
 * @param weightDecay the decay of all of these weights, biases and norms among them
 */
public record ParameterGroup(
    String params, Optional<Double> learningRate, Optional<Double> weightDecay) {
  private static final Key<String> PARAMS =
      Key.required("params", new Text(), "A regular expression on names of weights.");

  private static final Key<Double> LEARNING_RATE =
      Key.optional("learning_rate", RealNumber.atLeast(0), "The highest rate of these weights.")
          .alias("lr");

  private static final Key<Double> WEIGHT_DECAY =
      Key.optional("weight_decay", RealNumber.atLeast(0), "The decay of these weights.");

  static final RecordList<ParameterGroup> LIST =
      new RecordList<>(
          "a group",
          new KeyTable(
              List.of(new KeyTable.Section("Group", List.of(PARAMS, LEARNING_RATE, WEIGHT_DECAY)))),
          ParameterGroup::of,
          ParameterGroup::addTo);

  public ParameterGroup {
    new Checks()
        .within(PARAMS, params)
        .within(LEARNING_RATE, learningRate)
        .within(WEIGHT_DECAY, weightDecay)
        .require(
            flaw(params).isEmpty(),
            "'params': expected a regular expression, got '"
                + params
                + "': "
                + flaw(params).orElse(""),
            PARAMS)
        .require(
            learningRate.isPresent() || weightDecay.isPresent(),
            "'params': expected 'learning_rate' or 'weight_decay' beside it, got neither",
            PARAMS)
        .done();
  }

  private static Optional<String> flaw(String expression) {
    try {
      Pattern.compile(expression);
      return Optional.empty();
    } catch (PatternSyntaxException e) {
      return Optional.of(String.valueOf(e.getDescription()).toLowerCase(Locale.ROOT));
    }
  }

  /** The expression, to be found in names. */
  public Pattern pattern() {
    return Pattern.compile(params);
  }

  private static ParameterGroup of(Settings settings) {
    return new ParameterGroup(
        settings.get(PARAMS), settings.find(LEARNING_RATE), settings.find(WEIGHT_DECAY));
  }

  private static void addTo(ParameterGroup group, Values values) {
    values
        .put(PARAMS, group.params)
        .put(LEARNING_RATE, group.learningRate)
        .put(WEIGHT_DECAY, group.weightDecay);
  }
}
