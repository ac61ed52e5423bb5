package dev.hlotune.trainer.loop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hlotune.configs.ScheduleConfig;
import dev.hlotune.hlo.optim.Schedule;
import dev.hlotune.trainer.Fixtures;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Learning rates step by step, as transformers, optax and DeepSpeed computed them, by the keys of a
 * recipe.
 */
class ScheduleFixturesTest {
  @TempDir private Path folder;

  @TestFactory
  Stream<DynamicTest> equalsTransformersOptaxAndDeepSpeed() throws Exception {
    return Stream.concat(
            Fixtures.json("schedules.json").entrySet().stream(),
            Fixtures.json("deepspeed_schedules.json").entrySet().stream())
        .map(entry ->
            DynamicTest.dynamicTest(entry.getKey(), () -> check((Map<?, ?>) entry.getValue())));
  }

  private void check(Map<?, ?> recorded) throws Exception {
    ScheduleConfig config = RecordedRecipe.config(folder, recorded).schedule();
    Schedule schedule = Recipes.schedule(config, config.maxSteps());
    List<Number> rates = RecordedRecipe.numbers(recorded, "learning_rates");
    assertFalse(rates.isEmpty());
    for (int step = 0; step < rates.size(); step++) {
      // Equal up to the last bits of a cosine, a power or a quotient.
      assertEquals(
          rates.get(step).doubleValue(),
          schedule.rate(config.highestRate(), step),
          1e-15 * config.highestRate(),
          "step " + step);
    }
  }
}
