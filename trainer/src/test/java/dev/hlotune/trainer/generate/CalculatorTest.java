package dev.hlotune.trainer.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Expressions as Python 3 evaluates and prints them. */
class CalculatorTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "2+3*4|14",
        "48/2|24.0",
        "7/2|3.5",
        "1/3|0.3333333333333333",
        "0.1+0.2|0.30000000000000004",
        "(1+2)*(3+4)|21",
        "-7//2|-4",
        "7//-2|-4",
        "-7%3|2",
        "7%-3|-2",
        "7.5//2|3.0",
        "-2**2|-4",
        "2**-1|0.5",
        "2**3**2|512",
        "--5|5",
        "1,250*2|2500",
        " 3 * 4 |12",
        ".5+5.|5.5",
        "007.5|7.5",
        "10**20|100000000000000000000",
        "1e|",
        "123456789123456789*987654321987654321|121932631356500531347203169112635269",
        "10.0**17|1e+17",
        "1/100000|1e-05",
        "3*60+15|195",
        "'strawberry'.count('r')|3",
        "\"banana\".count(\"an\")|2",
        "'aaa'.count('aa') + 1|2",
        "'abc'.count('')|4"
      })
  void asPython(String expression, String expected) {
    assertEquals(Optional.ofNullable(expected), Calculator.evaluate(expression), expression);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "1/0",
        "5 % 0",
        "0**-1",
        "2 3",
        "(1",
        "1)",
        "007",
        "1 +",
        "*3",
        "2(3)",
        "x+1",
        "1_000",
        "0x10",
        "2 * * 3",
        "'a'",
        "'a'.upper()",
        "__import__('os').system('ls')",
        "'a\\'b'.count('a')",
        "open('f').count('a')",
        "9**9**9**9",
        "(-8)**0.5",
        "10.0**400",
        "1+\n2"
      })
  void nothingElse(String expression) {
    assertEquals(Optional.empty(), Calculator.evaluate(expression), expression);
  }

  @Test
  void isBounded() {
    assertEquals(Optional.empty(), Calculator.evaluate("1+".repeat(300) + "1"));
    assertEquals(Optional.empty(), Calculator.evaluate("(".repeat(200) + "1" + ")".repeat(200)));
    assertEquals(Optional.empty(), Calculator.evaluate("9**4600"));
    assertEquals(Optional.empty(), Calculator.evaluate("-".repeat(499) + "x"));
  }

  @Test
  void plainlyWholeNumbersHaveNoPoint() {
    assertEquals(Optional.of("24"), Calculator.evaluatePlainly("48/2"));
    assertEquals(Optional.of("0.5"), Calculator.evaluatePlainly("1/2"));
  }
}
