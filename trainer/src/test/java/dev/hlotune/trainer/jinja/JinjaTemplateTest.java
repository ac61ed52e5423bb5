package dev.hlotune.trainer.jinja;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.jinja.JinjaTemplate.Mark;
import dev.hlotune.trainer.jinja.JinjaTemplate.Rendering;
import dev.hlotune.trainer.source.DataException;
import java.math.BigInteger;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What compiling and rendering promise beyond the text. */
class JinjaTemplateTest {
  private static final ZonedDateTime NOW = ZonedDateTime.of(2026, 3, 7, 9, 5, 3, 0, ZoneOffset.UTC);

  private static String render(String template, Map<String, ?> variables) {
    return JinjaTemplate.compile(template).render(variables, NOW).text();
  }

  private static String error(String template) {
    DataException e = assertThrows(DataException.class, () -> render(template, Map.of("x", 1)));
    return String.valueOf(e.getMessage());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{{ 1 + }};template: line 1: expected an expression, got '}}'",
        "a\\n{% if x %}\\nb;template: line 3: expected 'elif' or 'else' or 'endif' for 'if', got the end of"
            + " the template",
        "a\\n\\n{% nope %};template: line 3: expected a tag, got 'nope'",
        "{% include 'x' %};template: line 1: the tag 'include' is not covered",
        "\\n{{ x|nope }};template: line 2: expected a filter, got 'nope'",
        "{{ x|random }};template: line 1: the filter 'random' is not covered",
        "{{ x is nope }};template: line 1: expected a test, got 'nope'",
        "{{ (1] }};template: line 1: expected ')', got ']'",
        "{{ 'a };template: line 1: unexpected character '''",
        "\\n{# a;template: line 2: expected '#}', got the end of the template",
        "{% break %};template: line 1: expected 'break' inside of a loop, got it outside"
      })
  void whatIsNoTemplateIsRefusedWithItsLine(String template, String message) {
    assertEquals(message, error(template.replace("\\n", "\n")));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a\\n{{ raise_exception('roles must alternate') }};template: line 2: roles must alternate",
        "{{ y.z }};template: line 1: 'y' is undefined",
        "{{ {}.y.z }};template: line 1: 'dict object' has no attribute 'y'",
        "{{ none.y.z }};template: line 1: 'None' has no attribute 'y'",
        "{{ 'a' + 1 }};template: line 1: +: expected two numbers, strings, lists or tuples, got 'str' and"
            + " 'int'",
        "{{ 1 < 'a' }};template: line 1: <: expected two numbers, strings, lists or tuples, got 'int' and"
            + " 'str'",
        "{% set a = [] %}\\n{{ a.append(1) }};template: line 2: access to attribute 'append' of 'list' object"
            + " is unsafe",
        "{% for i in 5 %}{% endfor %};template: line 1: iteration: expected a list, dict or string, got"
            + " 'int'",
        "{% macro m() %}\\n{{ 1 / 0 }}{% endmacro %}\\n{{ m() }};template: line 2: /: expected a divisor other"
            + " than 0, got 0",
        "{{ x() }};template: line 1: call: expected a function, got 'int'",
        "{{ 'a'.join(1, 2) }};template: line 1: join: expected at most 1 arguments, got 2",
        "{{ x|trim(y=1) }};template: line 1: trim: unknown argument \"y\"",
        "{{ x|replace('a') }};template: line 1: replace: argument \"new\" is missing"
      })
  void whatPythonRefusesIsRefusedWithItsLine(String template, String message) {
    assertEquals(message, error(template.replace("\\n", "\n")));
  }

  /** Things of Jinja2 and Python that are left out; none of them is silently different. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% block a %}{% endblock %}",
        "{% extends 'a' %}",
        "{% import 'a' as b %}",
        "{% from 'a' import b %}",
        "{% autoescape true %}{% endautoescape %}",
        "{{ x|urlize }}",
        "{{ lipsum() }}",
        "{{ 'a'.encode() }}",
        "{{ 'a'.casefold() }}",
        "{{ 'a'.translate({}) }}",
        "{{ (-8) ** 0.5 }}",
        "{{ (5).to_bytes(2) }}",
        "{{ {}.items().isdisjoint([]) }}",
        "{{ '&eacute;'|striptags }}"
      })
  void whatIsLeftOutSaysSo(String template) {
    assertTrue(error(template).contains("not covered"), error(template));
  }

  /** Where Jinja2 gives something that nobody can mean, an error or nothing is given instead. */
  @Test
  void knownDifferences() {
    // Jinja2 looks away where a literal that has no slices is sliced, but not where a variable is
    assertTrue(error("{{ 5[1:] }}").contains("slice: expected a list or string"));
    // Jinja2 writes an infinite literal as a name that Python does not know
    assertEquals("True", render("{{ x < 1e999 }}", Map.of("x", 1)));
    // Jinja2 sets an item of a dict, one of the caller's even
    assertTrue(
        error("{% set d = {} %}{% set d.a %}1{% endset %}").contains("expected a namespace"));
    // Jinja2 prints "missing" for the variable of a loop that has ended
    assertEquals(
        "",
        render(
            "{% set ns = namespace() %}{% for i in [1] %}{% macro m() %}{{ i }}{% endmacro %}"
                + "{% set ns.m = m %}{% endfor %}{{ ns.m() }}",
            Map.of()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(100) }}",
        "{% for a in [[]] recursive %}{{ loop([a]) }}{% endfor %}",
        "{% set ns = namespace(s='a') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s='a') %}{% for i in range(99) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
        "{% set ns = namespace(s=[]) %}{% for i in range(99999) %}{% set ns.s = [ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}",
        "{{ 'a' * 10 ** 9 }}",
        "{{ [1] * 10 ** 9 }}",
        "{{ 10 ** (10 ** 10) }}",
        "{{ 10 ** 5000 }}",
        "{{ '{:>999999999}'.format(1) }}",
        "{{ '%999999999d' % 1 }}",
        "{{ '%.999999999f' % 1 }}",
        "{{ 'a'.center(10 ** 9) }}",
        "{{ ('a' * 20000000).replace('a', 'bb') }}",
        "{{ range(10 ** 9) }}",
        "{% for a in range(100000) %}{{ 'a' * 10000 }}{% endfor %}"
      })
  void whatRunsAwayEndsWithAnError(String template) {
    assertTrue(error(template).startsWith("template: line 1: "), error(template));
  }

  @Test
  void deepNestingEndsWithAnError() {
    assertTrue(error("{{ " + "(".repeat(100_000)).startsWith("template: "));
    assertTrue(error("{% if x %}".repeat(100_000)).startsWith("template: "));
    String deep = "{{ " + "-".repeat(100_000) + "1 }}";
    assertTrue(error(deep).startsWith("template: "));
  }

  @Test
  void plainJavaValuesAreWhatPythonHas() {
    Map<String, Object> variables = new TreeMap<>();
    variables.put("big", BigInteger.TWO.pow(70));
    variables.put("float", 1.5f);
    variables.put("int", 7);
    variables.put("list", Arrays.asList(1, null, "a"));
    variables.put("long", 7L);
    variables.put("map", new TreeMap<>(Map.of("k", 1)));
    variables.put("none", null);
    assertEquals(
        "1180591620717411303424 1.5 True [1, None, 'a'] {'k': 1}  None",
        render(
            "{{ big }} {{ float }} {{ int == long }} {{ list }} {{ map }} {{ map[1] }} {{ none }}",
            variables));
  }

  @Test
  void valuesAreNotChanged() {
    Map<String, Object> variables =
        Map.of(
            "list", Collections.unmodifiableList(Arrays.asList(3, 1, 2)),
            "map", Map.of("a", List.of(1)));
    assertEquals(
        "[1, 2, 3] [2, 1, 3] {'a': [1]} [3, 1, 2]",
        render("{{ list|sort }} {{ list|reverse|list }} {{ dict(map) }} {{ list }}", variables));
    DataException e =
        assertThrows(DataException.class, () -> render("{{ map.update({}) }}", variables));
    assertTrue(String.valueOf(e.getMessage()).contains("unsafe"), e.getMessage());
  }

  @Test
  void marksAreInUtf16() {
    Rendering rendering =
        JinjaTemplate.compile(
                "🎉{% generation %}a🎉{% endgeneration %}b{% generation %}{% endgeneration %}")
            .render(Map.of(), NOW);
    assertEquals("🎉a🎉b", rendering.text());
    assertEquals(List.of(new Mark(2, 5), new Mark(6, 6)), rendering.generations());
    assertEquals("a🎉", rendering.text().substring(2, 5));
  }

  @Test
  void templatesSayWhatTheyUse() {
    JinjaTemplate template =
        JinjaTemplate.compile(
            "{% set a = b %}{{ strftime_now('%Y') }}{% for m in messages %}{{ m }}{{ a }}{{ c }}"
                + "{% endfor %}{# d #}{{ range(3) }}");
    assertEquals(Set.of("b", "c", "messages"), template.variables());
    assertTrue(template.usesClock());
    assertFalse(template.marksGenerations());
    assertTrue(JinjaTemplate.compile("{%+ generation +%}{% endgeneration %}").marksGenerations());
    assertFalse(JinjaTemplate.compile("{# {% generation %} #}").marksGenerations());
    assertFalse(JinjaTemplate.compile("strftime_now").usesClock());
  }

  @Test
  void aTemplateIsRenderedByManyThreadsAtOnce() {
    JinjaTemplate template =
        JinjaTemplate.compile(
            "{% macro m(x) %}<{{ x }}>{% endmacro %}{% set ns = namespace(n=0) %}"
                + "{% for i in range(n) %}{% generation %}{{ m(i) }}{% endgeneration %}"
                + "{% set ns.n = ns.n + i %}{% endfor %}{{ ns.n }}");
    List<Rendering> alone =
        IntStream.range(0, 200).mapToObj(n -> template.render(Map.of("n", n), NOW)).toList();
    List<Rendering> together =
        IntStream.range(0, 200)
            .parallel()
            .mapToObj(n -> template.render(Map.of("n", n), NOW))
            .toList();
    assertEquals(alone, together);
    assertEquals(199, alone.get(199).generations().size());
  }
}
