package dev.hlotune.trainer.data;

import dev.hlotune.trainer.source.DataException;
import java.util.List;

/**
 * Why a ladder has the shapes it has: what every number of shapes costs, and why there are not
 * more. Costs are those of one pass over the data as {@link BucketCost} weighs them, in units of
 * its real tokens: 1.0 is what the tokens alone cost, without padding, attention and compilation.
 *
 * @param packed whether several examples share a row
 * @param examples how many examples it was chosen for
 * @param tokens their tokens
 * @param choices the shapes found for one shape, two shapes and so on. Without packing they are the
 *     best there are; with packing each adds the shape that saves most to the one before
 * @param chosen the place in {@code choices} of the ladder: the one that costs least
 * @param stop why there are not more shapes
 */
public record LadderReport(
    boolean packed, long examples, long tokens, List<Choice> choices, int chosen, Stop stop) {

  /**
   * Some shapes and what they cost.
   *
   * @param ladder the shapes
   * @param paddingFraction the part of all positions that is padding, between 0 and 1; rows that a
   *     last step leaves empty are not counted
   * @param padding what padding costs
   * @param attention what attention over whole rows costs
   * @param compile what compiling the shapes costs
   */
  public record Choice(
      BucketLadder ladder,
      double paddingFraction,
      double padding,
      double attention,
      double compile) {

    /** What is executed: real tokens, padding and attention. */
    public double work() {
      return 1 + padding + attention;
    }

    /** All of it. */
    public double cost() {
      return work() + compile;
    }

    /**
     * Measures shapes.
     *
     * @param tokens real tokens
     * @param use rows of each shape
     */
    static Choice of(BucketCost cost, double tokens, List<RowUse> use) {
      double positions = 0;
      double attention = 0;
      for (RowUse one : use) {
        double length = one.bucket.length();
        positions += one.rows * length;
        attention += one.rows * length * length * cost.attentionPerLength();
      }
      double padding = positions - tokens;
      return new Choice(
          new BucketLadder(use.stream().map(RowUse::bucket).toList()),
          positions == 0 ? 0 : padding / positions,
          padding / tokens,
          attention / tokens,
          cost.compile() * use.size() / tokens);
    }
  }

  /** How many rows of a shape are executed. */
  record RowUse(Bucket bucket, double rows) {}

  /** Why there are not more shapes. */
  public enum Stop {
    /** There are as many as are allowed. */
    LIMIT,
    /** One more would save less than it costs to compile. */
    COMPILATION,
    /** There is no other shape that would serve an example. */
    EXHAUSTED
  }

  /** Checks that there is a choice. */
  public LadderReport {
    choices = List.copyOf(choices);
    if (chosen < 0 || chosen >= choices.size()) {
      throw new DataException(
          "ladder report: expected one of " + choices.size() + " choices, got " + chosen);
    }
  }

  /** Takes the cheapest of the choices, the one with fewest shapes where several are. */
  static LadderReport of(
      boolean packed, LengthHistogram lengths, List<Choice> choices, int maxBuckets) {
    int chosen = 0;
    for (int i = 1; i < choices.size(); i++) {
      chosen = choices.get(i).cost() < choices.get(chosen).cost() ? i : chosen;
    }
    Stop stop =
        chosen + 1 < choices.size()
            ? Stop.COMPILATION
            : choices.size() < maxBuckets ? Stop.EXHAUSTED : Stop.LIMIT;
    return new LadderReport(packed, lengths.examples(), lengths.tokens(), choices, chosen, stop);
  }

  /**
   * The ladder for packed rows: about equal tokens per shape ({@code batchSize × maxLength}), so
   * that short examples go to many short rows and pay less attention. The costs are those of a
   * trial packing, of evenly spaced lengths where there are many.
   *
   * @param lengths the examples' lengths, none above {@code maxLength}
   * @param batchSize rows of the longest shape
   * @param maxLength tokens of the longest row
   * @param maxBuckets at most this many shapes
   * @param cost what padding, attention and compilation are weighed by
   */
  public static LadderReport packed(
      LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets, BucketCost cost) {
    check(lengths, batchSize, maxLength, maxBuckets);
    return of(
        true,
        lengths,
        PackedLadders.search(lengths, batchSize, maxLength, maxBuckets, cost),
        maxBuckets);
  }

  /**
   * The ladder for one example a row: always {@code batchSize} rows, lengths chosen so that
   * padding, attention and compilation together cost least (exactly, by dynamic programming).
   *
   * @param lengths the examples' lengths, none above {@code maxLength}
   * @param batchSize rows of every shape
   * @param maxLength no shape is longer
   * @param maxBuckets at most this many shapes
   * @param together how many examples, drawn freely, take the shape that the longest of them needs:
   *     1 where examples of one shape are drawn together, else the rows of a step
   * @param cost what padding, attention and compilation are weighed by
   */
  public static LadderReport unpacked(
      LengthHistogram lengths,
      int batchSize,
      int maxLength,
      int maxBuckets,
      int together,
      BucketCost cost) {
    check(lengths, batchSize, maxLength, maxBuckets);
    return of(
        false,
        lengths,
        UnpackedLadders.search(lengths, batchSize, maxLength, maxBuckets, together, cost),
        maxBuckets);
  }

  private static void check(LengthHistogram lengths, int batchSize, int maxLength, int maxBuckets) {
    if (batchSize < 1 || maxLength < 2 || maxBuckets < 1) {
      throw new DataException(
          "bucket ladder: expected a batch size of at least 1, a max_length of at least 2 and at"
              + " least 1 bucket, got "
              + batchSize
              + ", "
              + maxLength
              + " and "
              + maxBuckets);
    }
    if (lengths.tokens() == 0) {
      throw new DataException("bucket ladder: expected at least one example, got none");
    }
    if (lengths.longest() > maxLength) {
      throw new DataException(
          "bucket ladder: expected examples of at most "
              + maxLength
              + " tokens, got one of "
              + lengths.longest());
    }
  }

  /** What was chosen. */
  public Choice choice() {
    return choices.get(chosen);
  }

  /** The ladder that was chosen. */
  public BucketLadder ladder() {
    return choice().ladder();
  }

  /** The part of the work of a single shape that the chosen ones save, between 0 and 1. */
  public double saved() {
    return 1 - choice().work() / choices.getFirst().work();
  }

  /**
   * The part of the chosen ladder's work that one more shape would save; 0 or less where it would
   * save nothing, and 0 where none was tried.
   */
  public double nextSaves() {
    return chosen + 1 < choices.size() ? 1 - choices.get(chosen + 1).work() / choice().work() : 0;
  }

  /** What compiling one shape costs, as a part of the chosen ladder's work. */
  public double compilation() {
    return choice().compile() / choice().ladder().buckets().size() / choice().work();
  }
}
