package dev.hlotune.trainer.export;

import dev.hlotune.hlo.symbolic.SizePolynomial;
import dev.hlotune.hlo.symbolic.Sizes;
import java.util.List;
import java.util.OptionalInt;

/**
 * An input of an exported program.
 *
 * @param array what it is
 * @param fill what it is filled with where nothing is given
 * @param donatedTo the output that takes its memory and is the input of the next run, if one does
 * @param about what it means, for people
 */
public record ExportedInput(ExportedArray array, Fill fill, OptionalInt donatedTo, String about) {
  /** Its name. */
  public String name() {
    return array.name();
  }

  /** The same with other sizes, one for each axis. */
  ExportedInput sized(List<SizePolynomial> sizes) {
    return new ExportedInput(array.sized(sizes), fill, donatedTo, about);
  }

  /** The same with sizes for the symbols. */
  ExportedInput at(Sizes sizes) {
    return new ExportedInput(array.at(sizes), fill, donatedTo, about);
  }
}
