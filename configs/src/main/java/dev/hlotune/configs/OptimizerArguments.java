package dev.hlotune.configs;

import java.util.List;
import java.util.Map;

/** The keys of {@code optim_args}: what an update rule has beside the keys of all of them. */
final class OptimizerArguments {
  private OptimizerArguments() {}

  private static final Key<Integer> MINIMUM_ELEMENTS =
      Key.preset(
          "min_8bit_size",
          WholeNumber.atLeast(1),
          4096,
          "Weights with fewer elements keep 32 bits.");

  private static final Key<Boolean> SCALE_PARAMETER =
      Key.preset(
          "scale_parameter", new Flag(), false, "A step is relative to the size of its weight.");

  private static final Key<Boolean> RELATIVE_STEP =
      Key.preset("relative_step", new Flag(), false, "The rate is Adafactor's own.");

  private static final Key<Boolean> WARMUP_INIT =
      Key.preset("warmup_init", new Flag(), false, "Adafactor's own rate rises from nothing.");

  private static final Key<Double> CLIP_THRESHOLD =
      Key.preset("clip_threshold", RealNumber.above(0), 1.0, "The largest size of a direction.");

  private static final Key<Double> DECAY_RATE =
      Key.preset(
          "decay_rate",
          new RealNumber(Double.NEGATIVE_INFINITY, false, 0),
          -0.8,
          "The exponent of the step in the decay rate of squares.");

  private static final Key<Double> EPSILON_SQUARE =
      Key.preset("eps1", RealNumber.atLeast(0), 1e-30, "Added to squared gradients.");

  private static final Key<Double> EPSILON_SCALE =
      Key.preset("eps2", RealNumber.atLeast(0), 1e-3, "The least size of a weight.");

  private static final Key<Double> SGD_MOMENTUM =
      Key.optional("momentum", RealNumber.share(), "As the key 'momentum'.");

  private static final Key<Boolean> NESTEROV =
      Key.preset("nesterov", new Flag(), false, "The momentum looks ahead.");

  private static final Key<Double> MUON_MOMENTUM =
      Key.preset("momentum", RealNumber.share(), 0.95, "Decay rate of the mean gradient.");

  private static final Key<Double> MOMENTUM_START =
      Key.preset("momentum_start", RealNumber.share(), 0.85, "What the momentum begins with.");

  private static final Key<Integer> MOMENTUM_WARMUP =
      Key.preset(
          "momentum_warmup_steps", WholeNumber.atLeast(0), 0, "Updates until it is 'momentum'.");

  private static final Key<Boolean> MUON_NESTEROV =
      Key.preset("nesterov", new Flag(), true, "The mean looks ahead.");

  private static final Key<Integer> ITERATIONS =
      Key.preset("ns_steps", new WholeNumber(1, 99), 5, "Newton-Schulz iterations.");

  private static final Key<ComputeType> NS_TYPE =
      Key.preset(
          "ns_dtype",
          Choice.of(ComputeType.WIDE),
          ComputeType.BFLOAT16,
          "The type of their products.");

  private static final Key<MuonAdjustment> ADJUSTMENT =
      Key.preset(
          "adjust_lr_fn",
          Choice.of(MuonAdjustment.values()),
          MuonAdjustment.ORIGINAL,
          "What a matrix's shape makes of the rate.");

  private static final Key<Double> MATRIX_DECAY =
      Key.preset(
          "matrix_weight_decay", RealNumber.atLeast(0), 0.0, "Decoupled decay of the matrices.");

  private static List<Key<?>> known(OptimizerKind kind) {
    return switch (kind) {
      case ADAMW, LION -> List.of();
      case ADAMW_8BIT -> List.of(MINIMUM_ELEMENTS);
      case ADAFACTOR ->
          List.of(
              SCALE_PARAMETER,
              RELATIVE_STEP,
              WARMUP_INIT,
              CLIP_THRESHOLD,
              DECAY_RATE,
              EPSILON_SQUARE,
              EPSILON_SCALE);
      case SGD -> List.of(SGD_MOMENTUM, NESTEROV);
      case MUON ->
          List.of(
              MUON_MOMENTUM,
              MOMENTUM_START,
              MOMENTUM_WARMUP,
              MUON_NESTEROV,
              ITERATIONS,
              NS_TYPE,
              ADJUSTMENT,
              MATRIX_DECAY);
    };
  }

  static Arguments read(OptimizerKind kind, Map<String, String> given) {
    return Arguments.read(
        OptimizerKeys.OPTIMIZER_ARGUMENTS, "'optim' '" + kind.spelled() + "'", known(kind), given);
  }

  /** Holds the rules between one rule's settings. */
  static void check(OptimizerKind kind, Arguments arguments, double momentum, Checks checks) {
    Settings settings = arguments.settings();
    arguments.problems().forEach(checks::add);
    switch (kind) {
      case ADAFACTOR ->
          checks.require(
              settings.get(RELATIVE_STEP) || !settings.get(WARMUP_INIT),
              "'optim_args': expected 'relative_step' beside 'warmup_init', got none",
              OptimizerKeys.OPTIMIZER_ARGUMENTS);
      case SGD ->
          checks
              .require(
                  settings.find(SGD_MOMENTUM).isEmpty() || momentum == 0,
                  "'momentum': expected it once, got it in 'optim_args' too",
                  OptimizerKeys.MOMENTUM,
                  OptimizerKeys.OPTIMIZER_ARGUMENTS)
              .require(
                  !settings.get(NESTEROV) || settings.find(SGD_MOMENTUM).orElse(momentum) > 0,
                  "'optim_args': expected 'momentum' above 0 beside 'nesterov', got none",
                  OptimizerKeys.OPTIMIZER_ARGUMENTS,
                  OptimizerKeys.MOMENTUM);
      case ADAMW, ADAMW_8BIT, LION, MUON -> {}
    }
  }

  static UpdateRule rule(OptimizerKind kind, UpdateRule.AdamW adam, double momentum, Settings of) {
    return switch (kind) {
      case ADAMW -> adam;
      case ADAMW_8BIT -> new UpdateRule.AdamW8bit(adam, of.get(MINIMUM_ELEMENTS));
      case ADAFACTOR ->
          new UpdateRule.Adafactor(
              of.get(SCALE_PARAMETER),
              of.get(RELATIVE_STEP),
              of.get(WARMUP_INIT),
              of.get(CLIP_THRESHOLD),
              of.get(DECAY_RATE),
              of.get(EPSILON_SQUARE),
              of.get(EPSILON_SCALE));
      case LION -> new UpdateRule.Lion(adam.beta1(), adam.beta2());
      case SGD -> new UpdateRule.Sgd(of.find(SGD_MOMENTUM).orElse(momentum), of.get(NESTEROV));
      case MUON ->
          new UpdateRule.Muon(
              adam,
              of.get(MUON_MOMENTUM),
              of.get(MOMENTUM_START),
              of.get(MOMENTUM_WARMUP),
              of.get(MUON_NESTEROV),
              of.get(ITERATIONS),
              of.get(NS_TYPE),
              of.get(ADJUSTMENT),
              of.get(MATRIX_DECAY));
    };
  }
}
