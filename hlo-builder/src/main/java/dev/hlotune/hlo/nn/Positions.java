package dev.hlotune.hlo.nn;

import dev.hlotune.hlo.Axis;
import dev.hlotune.hlo.Role;
import dev.hlotune.hlo.ShapeException;
import dev.hlotune.hlo.Tensor;
import java.util.List;

/**
 * The positions of a batch as one axis {@code token}, and beside it, where devices cut the batch,
 * {@link Spread#PART}: then whatever picks or orders positions does so within each device's own.
 *
 * @param batch the rows
 * @param sequence the positions of a row
 * @param spread into how many parts devices cut them
 */
record Positions(Axis batch, Axis sequence, Spread spread) {
  static final String TOKEN = "token";

  private static final String ROW_PART = "row_part";
  private static final String ROW = "row";
  private static final String LENGTH_PART = "length_part";
  private static final String PLACE = "place_in_part";
  private static final List<String> ALL = List.of("batch", "seq");

  Positions {
    if (batch.size() % spread.rows() != 0 || sequence.size() % spread.length() != 0) {
      throw new ShapeException(
          "batch of %d rows of %d positions: expected multiples of %d and %d, the parts that devices"
                  .formatted(batch.size(), sequence.size(), spread.rows(), spread.length())
              + " cut them into; change the sizes of the mesh, or of the batch");
    }
  }

  static Positions of(Tensor states, Spread spread) {
    return new Positions(states.axis("batch"), states.axis("seq"), spread);
  }

  /** Positions of each part. */
  int count() {
    return Math.multiplyExact(batch.size(), sequence.size()) / spread.parts();
  }

  /** {@code [batch, seq, …]} as {@code [token, …]} or {@code [part, token, …]}. */
  Tensor flat(Tensor tensor) {
    return spread.parts() == 1
        ? tensor.merge(ALL, TOKEN)
        : tensor
            .split("batch", rowParts(), rows())
            .split("seq", lengthParts(), places())
            .merge(List.of(ROW_PART, LENGTH_PART), Spread.PART)
            .merge(List.of(ROW, PLACE), TOKEN)
            .constrain(Role.ACTIVATION);
  }

  /** The way back. */
  Tensor square(Tensor flat) {
    return spread.parts() == 1
        ? flat.split(TOKEN, batch, sequence)
        : flat.split(TOKEN, rows(), places())
            .split(Spread.PART, rowParts(), lengthParts())
            .merge(List.of(ROW_PART, ROW), batch.name())
            .merge(List.of(LENGTH_PART, PLACE), sequence.name())
            .constrain(Role.ACTIVATION);
  }

  /** What each part has of its own, as one. */
  static Tensor total(Tensor ofParts) {
    return ofParts.shape().has(Spread.PART) ? ofParts.sum(Spread.PART) : ofParts;
  }

  /** The largest of what parts have. */
  static Tensor largest(Tensor ofParts) {
    return ofParts.shape().has(Spread.PART) ? ofParts.max(Spread.PART) : ofParts;
  }

  /** Axes of what each part has of its own. */
  List<Axis> parts() {
    return spread.parts() == 1 ? List.of() : List.of(new Axis(Spread.PART, spread.parts()));
  }

  private Axis rowParts() {
    return new Axis(ROW_PART, spread.rows());
  }

  private Axis rows() {
    return new Axis(ROW, batch.size() / spread.rows());
  }

  private Axis lengthParts() {
    return new Axis(LENGTH_PART, spread.length());
  }

  private Axis places() {
    return new Axis(PLACE, sequence.size() / spread.length());
  }
}
