package dev.hlotune.trainer.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/**
 * Places the numbers of an axis.
 *
 * @param low the number at its beginning
 * @param high the number at its end
 * @param logarithmic whether equal factors are equally far apart
 */
record Scale(double low, double high, boolean logarithmic) {
  private static final int TICKS = 6;

  /** A scale that holds some numbers, with a little room around them. */
  static Scale of(double least, double greatest, boolean logarithmic, double room) {
    if (logarithmic) {
      double factor = Math.pow(Math.max(greatest / least, 1.1), room);
      return new Scale(least / factor, greatest * factor, true);
    }
    double span = greatest > least ? greatest - least : Math.max(Math.abs(greatest), 1);
    return new Scale(least - room * span, greatest + room * span, false);
  }

  /** Where a number is, from 0 at the beginning to 1 at the end. */
  double place(double value) {
    return logarithmic
        ? Math.log(value / low) / Math.log(high / low)
        : (value - low) / (high - low);
  }

  /** Numbers that are read easily, within it. */
  List<Double> ticks() {
    List<Double> ticks = new ArrayList<>();
    if (logarithmic) {
      for (int power = (int) Math.floor(Math.log10(low)); power <= Math.log10(high); power++) {
        for (int digit : new int[] {1, 2, 5}) {
          add(ticks, digit * Math.pow(10, power));
        }
      }
      if (ticks.size() >= 3) {
        return ticks;
      }
      ticks.clear();
    }
    double rough = (high - low) / TICKS;
    double ten = Math.pow(10, Math.floor(Math.log10(rough)));
    double step =
        ten * (rough / ten < 1.5 ? 1 : rough / ten < 3.5 ? 2 : rough / ten < 7.5 ? 5 : 10);
    for (long i = (long) Math.ceil(low / step); i * step <= high; i++) {
      add(ticks, i * step);
    }
    return ticks;
  }

  private void add(List<Double> ticks, double tick) {
    if (tick >= low && tick <= high) {
      ticks.add(tick);
    }
  }

  /** A tick as it is written, without the noise of its last digits. */
  static String label(double tick) {
    BigDecimal number = new BigDecimal(tick).round(new MathContext(8)).stripTrailingZeros();
    double size = Math.abs(tick);
    return size == 0
        ? "0"
        : size >= 1e-4 && size < 1e7 ? number.toPlainString() : number.toString();
  }
}
