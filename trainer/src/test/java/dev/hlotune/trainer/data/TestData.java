package dev.hlotune.trainer.data;

import dev.hlotune.trainer.Fixtures;
import dev.hlotune.trainer.Shared;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** What several tests of this package need. */
final class TestData {
  /** The native library is unpacked once for all tests. */
  static final Path CACHE = Path.of("target", "test-cache").toAbsolutePath();

  private TestData() {}

  /** The recorded byte-level tokenizer of 512 tokens. */
  static Tokenizer smallTokenizer() {
    return Tokenizer.load(Fixtures.path("data/tokenizer"), CACHE);
  }

  /** GPT-2's tokenizer; the calling test is skipped where it is absent. */
  static Tokenizer gpt2Tokenizer() {
    return Tokenizer.load(Shared.path("tokenizers/gpt2"), CACHE);
  }

  /** Writes a file of these lines. */
  static Path lines(Path folder, String name, String... lines) throws IOException {
    return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
  }

  /**
   * Random examples; each token's id tells its example, so that a lost or swapped one shows.
   *
   * @param longest no example is longer
   */
  static Examples examples(SplittableRandom random, int count, int longest) {
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      // Most are short and few are long, as in chats.
      double part = Math.pow(random.nextDouble(), 3);
      int length = 2 + (int) (part * (longest - 1));
      int[] ids = new int[length];
      float[] weights = new float[length];
      for (int t = 0; t < length; t++) {
        ids[t] = i * 1_000 + t % 1_000;
        weights[t] = t > 0 && random.nextInt(3) > 0 ? random.nextInt(1, 4) * 0.5f : 0;
      }
      weights[length - 1] = 1;
      examples.add(new Example(ids, weights));
    }
    return Examples.of(examples);
  }
}
