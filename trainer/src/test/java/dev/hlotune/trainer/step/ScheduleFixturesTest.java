package dev.hlotune.trainer.step;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.hlotune.hlo.optim.Schedule;
import dev.hlotune.trainer.Fixtures;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Learning rates step by step, as transformers computed them. */
class ScheduleFixturesTest {
  @TestFactory
  Stream<DynamicTest> equalsTransformers() throws Exception {
    return Fixtures.json("schedules.json").entrySet().stream()
        .map(entry ->
            DynamicTest.dynamicTest(entry.getKey(), () -> check(Settings.of(entry.getValue()))));
  }

  private static void check(Settings recorded) {
    double highest = recorded.number("learning_rate");
    Schedule schedule =
        Schedule.named(
            String.valueOf(recorded.get("lr_scheduler_type")),
            recorded.count("warmup_steps"),
            recorded.count("max_steps"),
            recorded.has("min_lr") ? recorded.number("min_lr") / highest : 0);
    List<Double> rates = recorded.numbers("learning_rates");
    assertFalse(rates.isEmpty());
    for (int step = 0; step < rates.size(); step++) {
      // Equal up to the last bit of a cosine or of a quotient.
      assertEquals(rates.get(step), schedule.rate(highest, step), 1e-15 * highest, "step " + step);
    }
  }
}
