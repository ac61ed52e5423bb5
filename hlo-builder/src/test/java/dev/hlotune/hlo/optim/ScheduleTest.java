package dev.hlotune.hlo.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.hlotune.hlo.ShapeException;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  @Test
  void staysConstant() {
    Schedule schedule = new Schedule.Constant();
    assertEquals(1, schedule.factor(0));
    assertEquals(1, schedule.factor(1000));
    assertEquals(2e-5, schedule.rate(2e-5, 7));
  }

  @Test
  void warmsUp() {
    Schedule schedule = new Schedule.ConstantWithWarmup(4);
    double[] expected = {0, 0.25, 0.5, 0.75, 1, 1};
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], schedule.factor(step));
    }
  }

  @Test
  void fallsInALine() {
    Schedule schedule = new Schedule.Linear(2, 6, 0);
    double[] expected = {0, 0.5, 1, 0.75, 0.5, 0.25, 0, 0};
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], schedule.factor(step));
    }
  }

  @Test
  void fallsAlongACosine() {
    Schedule schedule = new Schedule.Cosine(2, 6, 0.5, 0);
    double[] expected = {0, 0.5, 1, 0.5 + Math.sqrt(0.125), 0.5, 0.5 - Math.sqrt(0.125), 0};
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], schedule.factor(step), 1e-15);
    }
  }

  @Test
  void keepsALowestRate() {
    Schedule schedule = new Schedule.Cosine(0, 4, 0.5, 0.1);
    assertEquals(1, schedule.factor(0));
    assertEquals(0.55, schedule.factor(2), 1e-15);
    assertEquals(0.1, schedule.factor(4), 1e-15);
  }

  @Test
  void fallsToALowestRateInALine() {
    Schedule schedule = new Schedule.Linear(0, 4, 0.2);
    double[] expected = {1, 0.8, 0.6, 0.4, 0.2, 0.2};
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], schedule.factor(step), 1e-15);
    }
  }

  @Test
  void startsAgain() {
    Schedule schedule = new Schedule.CosineWithRestarts(0, 8, 2);
    double[] expected = {1, 0.5 + Math.sqrt(0.125), 0.5, 0.5 - Math.sqrt(0.125), 1};
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], schedule.factor(step), 1e-15);
    }
    assertEquals(0, schedule.factor(8));
  }

  @Test
  void staysBeforeItFalls() {
    Schedule schedule =
        new Schedule.WarmupStableDecay(
            2, 3, 2, Schedule.Curve.LINEAR, Schedule.Curve.LINEAR, 0.5, 0);
    double[] expected = {0, 0.5, 1, 1, 1, 1, 0.5, 0, 0};
    for (int step = 0; step < expected.length; step++) {
      assertEquals(expected[step], schedule.factor(step), 1e-15);
    }
  }

  @Test
  void roundsAWarmUpRatioUp() {
    assertEquals(6, Schedule.warmupSteps(0.1, 51));
    assertEquals(0, Schedule.warmupSteps(0, 51));
    assertEquals(51, Schedule.warmupSteps(1, 51));
  }

  @Test
  void dividesByNothing() {
    assertEquals(0, new Schedule.Linear(5, 5, 0).factor(5));
    assertEquals(0, new Schedule.Linear(0, 0, 0).factor(0));
    assertEquals(1, new Schedule.Cosine(3, 3, 0.5, 0).factor(3));
  }

  @Test
  void refusesWhatIsNoSchedule() {
    assertThrows(ShapeException.class, () -> new Schedule.Linear(-1, 5, 0));
    assertThrows(ShapeException.class, () -> new Schedule.Cosine(0, 5, 0.5, 2));
    assertThrows(ShapeException.class, () -> Schedule.warmupSteps(1.5, 5));
  }
}
