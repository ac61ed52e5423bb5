package dev.hlotune.configs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class RecordsTest {

  @Test
  void aRecordMadeInCodeHoldsTheBoundsOfTheTable() {
    ConfigException exception =
        assertThrows(
            ConfigException.class,
            () ->
                new OptimizerConfig(
                    OptimizerKind.ADAMW,
                    Map.of(),
                    1.0,
                    0.999,
                    0,
                    0,
                    -1,
                    1,
                    ComputeType.FLOAT32,
                    Optional.empty(),
                    Optional.empty(),
                    Optional.empty(),
                    List.of()));
    assertEquals(
        """
        'adam_beta1': expected a number of at least 0 and below 1, got '1.0'
        'adam_epsilon': expected a number above 0, got '0.0'
        'weight_decay': expected a number of at least 0, got '-1.0'\
        """,
        exception.getMessage());
    assertEquals(3, exception.problems().size());
  }

  @Test
  void idsAreThoseTheHubAllows() {
    for (String id :
        List.of("foo", "foo/bar", "123", "Foo-BAR_foo.bar123", "_a/b_", "a".repeat(96) + "/b")) {
      assertTrue(Location.OnHub.isId(id), id);
    }
    for (String other :
        List.of(
            "",
            "datasets/foo/bar",
            ".repo_id",
            "foo--bar",
            "foo.git",
            "other..repo..id",
            "foo/",
            "/foo",
            "a-/b",
            "caf\u00e9",
            "a b",
            "a".repeat(97))) {
      assertFalse(Location.OnHub.isId(other), other);
    }
  }

  /** As {@code huggingface_hub} reads them. */
  @Test
  void sizesHaveUnitsOfAThousand() {
    for (var entry :
        Map.of(
                "50GB", 50_000_000_000L,
                "5mb", 5_000_000L,
                " 1.5 KB ", 1_500L,
                "2TB", 2_000_000_000_000L,
                "12345", 12_345L,
                "0.5MB", 500_000L,
                "1_000", 1_000L)
            .entrySet()) {
      assertEquals(entry.getValue(), new FileSizeType().parse(entry.getKey()).bytes());
    }
    assertEquals("50GB", new FileSize(50_000_000_000L).toString());
    assertEquals("1500", new FileSize(1_500).toString());
    for (String other : List.of("", "1GiB", "-1KB", "0", "KB", "1e99TB", "five")) {
      IllegalArgumentException e =
          assertThrows(IllegalArgumentException.class, () -> new FileSizeType().parse(other));
      assertEquals(
          "expected a size of at least 1 byte, such as '5GB' or '200MB', got '" + other + "'",
          e.getMessage());
    }
  }

  @Test
  void anIntervalIsStepsOrAShareRoundedUp() {
    assertEquals(10, new Interval(10).steps(7));
    assertEquals(0, new Interval(0).steps(7));
    assertEquals(1, new Interval(0.01).steps(7));
    assertEquals(4, new Interval(0.5).steps(7));
    assertThrows(ConfigException.class, () -> new Interval(1.5));
    assertThrows(ConfigException.class, () -> new Interval(-1));
    assertThrows(ConfigException.class, () -> new Interval(Double.NaN));
  }

  @Test
  void distanceCountsASwapAsOne() {
    assertEquals(0, EditDistance.between("seed", "seed"));
    assertEquals(1, EditDistance.between("sede", "seed"));
    assertEquals(1, EditDistance.between("see", "seed"));
    assertEquals(4, EditDistance.between("", "seed"));
  }

  @Test
  void numbersAreThoseOfYaml() {
    RealNumber number = RealNumber.atLeast(-1e9);
    assertEquals(1e-4, number.parse("1e-4"));
    assertEquals(8192.0, number.parse("8_192"));
    assertEquals(0.5, number.parse(".5"));
    for (String text : new String[] {"NaN", "Infinity", "0x1p3", "1f", "", "1e", "1 2"}) {
      assertThrows(IllegalArgumentException.class, () -> number.parse(text), text);
    }
    assertEquals(8192, WholeNumber.atLeast(0).parse("8_192"));
    assertThrows(IllegalArgumentException.class, () -> WholeNumber.atLeast(0).parse("1.5"));
    assertThrows(IllegalArgumentException.class, () -> WholeNumber.atLeast(0).parse("99999999999"));
  }
}
