package dev.hlotune.trainer.generate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Repository;
import dev.hlotune.trainer.TinyRun;
import dev.hlotune.trainer.data.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Tokens as text, stop strings and tools: all that looks at an answer on the host. */
class AnswerTextTest {
  private static Tokenizer small() {
    return Tokenizer.load(Fixtures.path("data/tokenizer"), TinyRun.CACHE);
  }

  private static Tokenizer nanochat() {
    return Tokenizer.load(Repository.root().resolve("configs/nanochat/tokenizer"), TinyRun.CACHE);
  }

  @Test
  void aCharacterComesWithItsLastByte() {
    try (Tokenizer tokenizer = small()) {
      String text = "Déjà vu 😀, naïve — 日本語.";
      int[] ids = tokenizer.ids(text);
      TextStream stream = new TextStream(tokenizer, Set.of());
      StringBuilder got = new StringBuilder();
      int silent = 0;
      for (int id : ids) {
        String piece = stream.add(id);
        assertFalse(piece.contains("\uFFFD"), piece);
        silent += piece.isEmpty() ? 1 : 0;
        got.append(piece);
      }
      assertEquals(text, got + stream.end());
      assertTrue(silent > 3, "tokens within characters: " + silent);
      TextStream cut = new TextStream(tokenizer, Set.of());
      int[] emoji = tokenizer.ids("😀");
      assertEquals("", cut.add(emoji[0]));
      assertEquals("\uFFFD", cut.end());
    }
  }

  @Test
  void specialTokensAreNoText() {
    try (Tokenizer tokenizer = nanochat()) {
      int[] ids = tokenizer.ids("<|assistant_start|>so <|python_start|>1+1<|python_end|>");
      assertEquals("so 1+1", TextStream.of(tokenizer, Set.of(), ids));
      List<Integer> tool = PythonTool.of(tokenizer).orElseThrow().ids();
      assertEquals("so <|python_start|>1+1<|python_end|>", TextStream.of(tokenizer, tool, ids));
    }
  }

  @Test
  void aStopStringMayBeginAnywhere() {
    try (Tokenizer tokenizer = small()) {
      StopStrings stops = new StopStrings(tokenizer, Set.of(), List.of("\nUser:", "never there"));
      int[] ids = tokenizer.ids("It is so.\n\nUser: and then");
      RowWatch watch = stops.watch();
      int count = 0;
      while (watch.after(ids[count]).equals(RowWatch.GO_ON)) {
        count++;
      }
      int[] taken = IntStream.of(ids).limit(count + 1).toArray();
      String text = tokenizer.decode(taken, false);
      assertTrue(text.startsWith("It is so.\n\nUser:"), text);
      assertFalse(
          tokenizer.decode(IntStream.of(ids).limit(count).toArray(), false).contains("\nUser:"));
      assertEquals("It is so.\n", stops.cut(text));
      List<String> pieces = new ArrayList<>();
      AnswerText answer = new AnswerText(tokenizer, Set.of(), Set.of(), Optional.of(stops));
      for (int id : ids) {
        pieces.add(answer.add(new int[] {id}));
      }
      pieces.add(answer.end());
      assertEquals("It is so.\n", String.join("", pieces));
      // What turned out not to be one is not lost.
      AnswerText other = new AnswerText(tokenizer, Set.of(), Set.of(), Optional.of(stops));
      String harmless = "a\nUse it\nUser";
      assertEquals(harmless, other.add(tokenizer.ids(harmless)) + other.end());
      assertThrows(ConfigException.class, () -> new StopStrings(tokenizer, Set.of(), List.of("")));
    }
  }

  @Test
  void nanochatsCalculatorForcesTheResult() {
    try (Tokenizer tokenizer = nanochat()) {
      assertEquals(
          "<|output_start|>195<|output_end|>", forced(tokenizer, "<|python_start|>3*60+15"));
      assertEquals("<|output_start|>24.0<|output_end|>", forced(tokenizer, "<|python_start|>48/2"));
      assertEquals(
          "<|output_start|>3<|output_end|>",
          forced(tokenizer, "<|python_start|>'strawberry'.count('r')"));
      // The last beginning counts.
      assertEquals(
          "<|output_start|>7<|output_end|>",
          forced(tokenizer, "<|python_start|>1+<|python_start|>3+4"));
      assertEquals("", forced(tokenizer, "<|python_start|>1/0"));
      assertEquals("", forced(tokenizer, "<|python_start|>import os"));
      assertEquals("", forced(tokenizer, "<|python_start|>"));
      assertEquals("", forced(tokenizer, "1+1"));
    }
    try (Tokenizer tokenizer = small()) {
      assertTrue(PythonTool.of(tokenizer).isEmpty());
    }
  }

  /** What follows a call. */
  private static String forced(Tokenizer tokenizer, String call) {
    PythonTool tool = PythonTool.of(tokenizer).orElseThrow();
    RowWatch watch = tool.watch();
    for (int id : tokenizer.ids(call)) {
      assertFalse(tool.pauses(id));
      assertEquals(RowWatch.GO_ON, watch.after(id));
    }
    int end = tokenizer.idOf("<|python_end|>").orElseThrow();
    assertTrue(tool.pauses(end));
    return watch.after(end) instanceof RowWatch.Verdict.Force(int[] ids)
        ? tokenizer.decode(ids, false)
        : "";
  }

  @Test
  void gsm8ksCalculatorForcesTheResultAndItsEnd() {
    try (Tokenizer tokenizer = small()) {
      InlineTool tool = new InlineTool(tokenizer);
      int[] ids = tokenizer.ids("She sold 48/2 = <<48/2=");
      RowWatch watch = tool.watch();
      for (int i = 0; i < ids.length - 1; i++) {
        assertEquals(RowWatch.GO_ON, watch.after(ids[i]));
      }
      int sign = ids[ids.length - 1];
      assertTrue(tool.pauses(sign));
      RowWatch.Verdict.Force force =
          assertInstanceOf(RowWatch.Verdict.Force.class, watch.after(sign));
      assertEquals("24>>", tokenizer.decode(force.tokens(), false));
      IntStream.of(force.tokens()).forEach(watch::after);
      assertEquals(RowWatch.GO_ON, watch.after(sign));
      for (int id : tokenizer.ids(" <<48/=")) {
        assertEquals(RowWatch.GO_ON, watch.after(id));
      }
    }
  }
}
