package dev.hlotune.pjrt;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a program takes, on one device. A plugin does not say this of a compiled program, so it is
 * read from the program's text.
 *
 * @param parameters the type of each argument, as one device holds it: where an argument is
 *     sharded, its shard
 * @param donated the arguments whose memory the program takes over, by index
 */
public record Signature(List<BufferType> parameters, Set<Integer> donated) {
  /**
   * A signature.
   *
   * @throws IllegalArgumentException for a donated index that is none of the parameters'
   */
  public Signature {
    parameters = List.copyOf(parameters);
    donated = java.util.Collections.unmodifiableSet(new TreeSet<>(donated));
    for (int index : donated) {
      if (index < 0 || index >= parameters.size()) {
        throw new IllegalArgumentException(
            "signature: expected donated indices under " + parameters.size() + ", got " + index);
      }
    }
  }

  /**
   * Reads the signature of {@code @main}.
   *
   * @param program StableHLO text, in the pretty form {@code func.func public @main(%arg0:
   *     tensor<2x3xf32> {…}, …)}
   * @param numPartitions over 1, arguments with {@code sdy.sharding} or {@code mhlo.sharding} are
   *     shards
   * @throws PjrtException for text of another form
   */
  public static Signature parse(String program, int numPartitions) {
    return new SignatureParser(program, numPartitions).parse();
  }
}
