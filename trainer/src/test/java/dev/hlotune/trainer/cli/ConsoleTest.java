package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

final class ConsoleTest {
  @Test
  void coloursNeedATerminalAndNobodyAgainstThem() {
    assertEquals(TextStyle.COLOURED, Console.style(null, true));
    assertEquals(TextStyle.COLOURED, Console.style("", true));
    assertEquals(TextStyle.PLAIN, Console.style("1", true));
    assertEquals(TextStyle.PLAIN, Console.style(null, false));
  }
}
