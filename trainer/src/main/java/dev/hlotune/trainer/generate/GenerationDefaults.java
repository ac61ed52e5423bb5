package dev.hlotune.trainer.generate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a model's {@code generation_config.json} says, or, where it has none, its {@code
 * config.json}. A key that is missing has the value of transformers' GenerationConfig.
 *
 * @param sampling how a token is chosen
 * @param ends {@code eos_token_id}
 */
public record GenerationDefaults(Sampling sampling, Set<Integer> ends) {
  /** Reads them; other keys are passed over. */
  public static GenerationDefaults of(Map<String, Object> json) {
    Set<Integer> ends = new LinkedHashSet<>();
    Object named = json.get("eos_token_id");
    for (Object id :
        named instanceof List<?> several ? several : List.of(named == null ? "" : named)) {
      if (id instanceof Number number) {
        ends.add(number.intValue());
      }
    }
    Sampling greedy = Sampling.GREEDY;
    return new GenerationDefaults(
        new Sampling(
            Boolean.TRUE.equals(json.get("do_sample")),
            number(json, "temperature", greedy.temperature()),
            (int) number(json, "top_k", greedy.topK()),
            number(json, "top_p", greedy.topP()),
            number(json, "min_p", greedy.minP()),
            number(json, "repetition_penalty", greedy.repetitionPenalty()),
            greedy.seed()),
        ends);
  }

  private static double number(Map<String, Object> json, String key, double preset) {
    return json.get(key) instanceof Number number ? number.doubleValue() : preset;
  }
}
