package dev.hlotune.configs;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The update rule, and what it does to which weights.
 *
 * @param kind which rule
 * @param arguments further settings of that rule, as written; {@link #rule} reads them
 * @param beta1 decay rate of the mean gradient, of AdamW and Lion
 * @param beta2 AdamW's decay rate of the mean squared gradient, and Lion's of the mean
 * @param epsilon AdamW's term against division by zero
 * @param momentum SGD's momentum
 * @param weightDecay weight decay, not of biases and norms
 * @param maxGradNorm the global norm gradients are clipped to; 0 is no clipping
 * @param stateType the type in which mean gradients are kept from step to step
 * @param embeddingRate beside Muon, the rate of embeddings for a model of width 768
 * @param unembeddingRate beside Muon, the rate of the head for a model of width 768
 * @param scalarRate beside Muon, the rate of biases and norms
 * @param groups weights that are trained otherwise than the rest
 */
public record OptimizerConfig(
    OptimizerKind kind,
    Map<String, String> arguments,
    double beta1,
    double beta2,
    double epsilon,
    double momentum,
    double weightDecay,
    double maxGradNorm,
    ComputeType stateType,
    Optional<Double> embeddingRate,
    Optional<Double> unembeddingRate,
    Optional<Double> scalarRate,
    List<ParameterGroup> groups) {

  public OptimizerConfig {
    arguments = Map.copyOf(arguments);
    groups = List.copyOf(groups);
    Checks checks =
        new Checks()
            .within(OptimizerKeys.BETA1, beta1)
            .within(OptimizerKeys.BETA2, beta2)
            .within(OptimizerKeys.EPSILON, epsilon)
            .within(OptimizerKeys.MOMENTUM, momentum)
            .within(OptimizerKeys.WEIGHT_DECAY, weightDecay)
            .within(OptimizerKeys.MAX_GRAD_NORM, maxGradNorm)
            .within(OptimizerKeys.EMBEDDING_RATE, embeddingRate)
            .within(OptimizerKeys.UNEMBEDDING_RATE, unembeddingRate)
            .within(OptimizerKeys.SCALAR_RATE, scalarRate);
    OptimizerArguments.check(kind, OptimizerArguments.read(kind, arguments), momentum, checks);
    checks
        .require(
            kind == OptimizerKind.SGD || momentum == 0,
            "'momentum': expected 0 beside 'optim' '"
                + kind.spelled()
                + "', got "
                + momentum
                + (kind == OptimizerKind.MUON ? "; Muon's stands in 'optim_args'" : ""),
            OptimizerKeys.MOMENTUM,
            OptimizerKeys.OPTIMIZER)
        .require(
            stateType == ComputeType.FLOAT32
                || (kind != OptimizerKind.ADAMW_8BIT && kind != OptimizerKind.ADAFACTOR),
            "'optim_state_dtype': expected 'float32' beside 'optim' '"
                + kind.spelled()
                + "', which keeps no mean gradient of that type, got '"
                + stateType.spelled()
                + "'",
            OptimizerKeys.STATE_TYPE,
            OptimizerKeys.OPTIMIZER);
    onlyBesideMuon(checks, kind, OptimizerKeys.EMBEDDING_RATE, embeddingRate);
    onlyBesideMuon(checks, kind, OptimizerKeys.UNEMBEDDING_RATE, unembeddingRate);
    onlyBesideMuon(checks, kind, OptimizerKeys.SCALAR_RATE, scalarRate);
    checks.done();
  }

  private static void onlyBesideMuon(
      Checks checks, OptimizerKind kind, Key<Double> key, Optional<Double> value) {
    checks.require(
        kind == OptimizerKind.MUON || value.isEmpty(),
        "'"
            + key.name()
            + "': expected 'optim' 'muon' beside it, got '"
            + kind.spelled()
            + "'; use 'parameter_groups'",
        key,
        OptimizerKeys.OPTIMIZER);
  }

  static OptimizerConfig of(Settings settings) {
    return new OptimizerConfig(
        settings.get(OptimizerKeys.OPTIMIZER),
        settings.find(OptimizerKeys.OPTIMIZER_ARGUMENTS).orElse(Map.of()),
        settings.get(OptimizerKeys.BETA1),
        settings.get(OptimizerKeys.BETA2),
        settings.get(OptimizerKeys.EPSILON),
        settings.get(OptimizerKeys.MOMENTUM),
        settings.get(OptimizerKeys.WEIGHT_DECAY),
        settings.get(OptimizerKeys.MAX_GRAD_NORM),
        settings.get(OptimizerKeys.STATE_TYPE),
        settings.find(OptimizerKeys.EMBEDDING_RATE),
        settings.find(OptimizerKeys.UNEMBEDDING_RATE),
        settings.find(OptimizerKeys.SCALAR_RATE),
        settings.find(OptimizerKeys.GROUPS).orElse(List.of()));
  }

  void addTo(Values values) {
    values
        .put(OptimizerKeys.OPTIMIZER, kind)
        .put(OptimizerKeys.OPTIMIZER_ARGUMENTS, Values.some(arguments))
        .put(OptimizerKeys.BETA1, beta1)
        .put(OptimizerKeys.BETA2, beta2)
        .put(OptimizerKeys.EPSILON, epsilon)
        .put(OptimizerKeys.MOMENTUM, momentum)
        .put(OptimizerKeys.WEIGHT_DECAY, weightDecay)
        .put(OptimizerKeys.MAX_GRAD_NORM, maxGradNorm)
        .put(OptimizerKeys.STATE_TYPE, stateType)
        .put(OptimizerKeys.EMBEDDING_RATE, embeddingRate)
        .put(OptimizerKeys.UNEMBEDDING_RATE, unembeddingRate)
        .put(OptimizerKeys.SCALAR_RATE, scalarRate)
        .put(OptimizerKeys.GROUPS, groups.isEmpty() ? Optional.empty() : Optional.of(groups));
  }

  /** The rule with its settings. */
  public UpdateRule rule() {
    return OptimizerArguments.rule(
        kind,
        new UpdateRule.AdamW(beta1, beta2, epsilon),
        momentum,
        OptimizerArguments.read(kind, arguments).settings());
  }

  /** Whether gradients are clipped. */
  public boolean clips() {
    return maxGradNorm > 0;
  }
}
