package dev.hlotune.trainer.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.hlotune.trainer.audit.TokenView;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class MarkedTextTest {
  private final List<TokenView> tokens = new ArrayList<>();

  private MarkedTextTest add(String text, double weight) {
    tokens.add(new TokenView(tokens.size(), 7, text, text, (float) weight, false));
    return this;
  }

  private MarkedTextTest special(String text, double weight) {
    tokens.add(new TokenView(tokens.size(), 7, text, text, (float) weight, true));
    return this;
  }

  private void shows(String plain, String coloured) {
    assertEquals(plain, MarkedText.of(tokens, TextStyle.PLAIN));
    assertEquals(
        coloured,
        MarkedText.of(tokens, TextStyle.COLOURED).replace("\033[0m", "}").replace("\033[", "{"));
  }

  @Test
  void whatIsLearnedIsSetOff() {
    special("<|user|>", 0).add("Hi", 0).add(" there", 1).special("<end>", 1).add("\n", 0);
    shows("<|user|>Hi[[ there<end>]]\n", "{1;2m<|user|>}{2mHi}{32m there}{1;32m<end>}\n");
  }

  @Test
  void otherWeightsStandBeforeTheirText() {
    add("a", 0).add("b", 0.5).add("c", 0.5).add("d", 2).add("e", -1).add("f", 1).add("g", 0);
    shows(
        "a[[0.5:bc]][[2:d]][[-1:e]][[f]]g\n",
        "{2ma}{7;33m0.5:}{33mbc}{7;33m2:}{33md}{7;35m-1:}{35me}{32mf}{2mg}\n");
  }

  @Test
  void spacesAtTheEndOfALineAreSeen() {
    add("a  b ", 0).add(" \t", 0).add("\nc ", 0);
    shows("a  b··⇥\nc·\n", "{2ma  b··⇥}\n{2mc·}\n");
  }

  @Test
  void aLineBreakAtTheEdgeOfAStretchIsSeen() {
    add("a\n", 0).add("\nb\nc\n", 1).add("d", 0);
    shows("a\n[[⏎\nb\nc⏎\n]]d\n", "{2ma}\n{32m⏎}\n{32mb}\n{32mc⏎}\n{2md}\n");
  }

  @Test
  void nothingOfTheDataCommandsTheTerminal() {
    add("\033[31mred\r\b\u0085\u202e\u200b\u007f", 0).add("é🎉", 1);
    shows(
        "␛[31mred␍␈⟨U+0085⟩⟨U+202E⟩⟨U+200B⟩␡[[é🎉]]\n",
        "{2m␛[31mred␍␈⟨U+0085⟩⟨U+202E⟩⟨U+200B⟩␡}{32mé🎉}\n");
  }

  @Test
  void quotedTextIsOneLine() {
    assertEquals("\"a\\n\\\"\\\\\\t\\r␀ \"", Visible.quoted("a\n\"\\\t\r\0 "));
  }

  @Test
  void weightsAreShort() {
    assertEquals("2", MarkedText.number(2));
    assertEquals("0.25", MarkedText.number(0.25f));
    assertEquals("-1", MarkedText.number(-1));
    assertEquals("1.0E7", MarkedText.number(1e7f));
  }
}
