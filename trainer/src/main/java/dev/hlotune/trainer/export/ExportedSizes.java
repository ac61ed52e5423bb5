package dev.hlotune.trainer.export;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.Sizes;
import dev.hlotune.hlo.symbolic.Symbol;
import dev.hlotune.trainer.data.Bucket;
import java.util.List;

/**
 * The batches that a program takes.
 *
 * @param rows of a batch
 * @param length of a row
 * @param symbols the sizes in them that are known when it runs; none where there is one shape
 */
public record ExportedSizes(SizePolynomial rows, SizePolynomial length, List<Symbol> symbols) {
  /** Keeps its own copy. */
  public ExportedSizes {
    symbols = List.copyOf(symbols);
  }

  /** Of one shape. */
  public static ExportedSizes of(Bucket bucket) {
    return new ExportedSizes(
        SizePolynomial.constant(bucket.rows()),
        SizePolynomial.constant(bucket.length()),
        List.of());
  }

  /** Whether there is one shape. */
  public boolean isFixed() {
    return symbols.isEmpty();
  }

  /**
   * With sizes for all symbols.
   *
   * @throws ConfigException if one of them is out of its range
   */
  ExportedSizes at(Sizes sizes) {
    for (Symbol symbol : symbols) {
      int size = sizes.get(symbol.name());
      if (!symbol.allows(size)) {
        throw ConfigException.of(
            "size '%s': expected %d to %d, for which the program was exported, got %d"
                .formatted(symbol.name(), symbol.least(), symbol.most(), size));
      }
    }
    return new ExportedSizes(
        SizePolynomial.constant(rows.at(sizes)),
        SizePolynomial.constant(length.at(sizes)),
        List.of());
  }
}
