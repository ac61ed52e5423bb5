package dev.hlotune.trainer.benchmark;

import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import dev.hlotune.trainer.data.Bucket;
import dev.hlotune.trainer.step.LogProbsProgram;
import java.util.List;

/** Sheets in the rows of one bucket, as the device takes them, and what it gives, by request. */
final class SheetBatch {
  private final Bucket bucket;
  private final boolean sharing;
  private final int[] tokens;
  private final int[] targets;
  private final int[] segments;
  private final int[] positions;
  private final float[] weights;
  private int at;
  private int segment;

  /**
   * An empty batch.
   *
   * @param sharing whether a position can see two segments, its own and what it shares
   */
  SheetBatch(Bucket bucket, boolean sharing) {
    this.bucket = bucket;
    this.sharing = sharing;
    this.tokens = new int[bucket.tokens()];
    this.targets = new int[bucket.tokens()];
    this.segments = new int[bucket.tokens() * (sharing ? LogProbsProgram.VIEWS : 1)];
    this.positions = new int[bucket.tokens()];
    this.weights = new float[bucket.tokens()];
  }

  /** Goes to a row, whose sheets are put one after the other. */
  void row(int row) {
    at = row * bucket.length();
    segment = 0;
  }

  /** Puts a sheet next. */
  void put(Sheet sheet) {
    int beginning = ++segment;
    place(sheet.requests().getFirst(), 0, sheet.shared(), beginning);
    for (Request request : sheet.requests()) {
      if (sheet.shared() > 0) {
        segment++;
      }
      place(request, sheet.shared(), request.length(), beginning);
    }
  }

  private void place(Request request, int from, int to, int beginning) {
    for (int i = from; i < to; i++) {
      tokens[at] = request.tokens()[i];
      targets[at] = request.tokens()[i + 1];
      positions[at] = i;
      weights[at] = i >= request.start() ? 1 : 0;
      if (sharing) {
        int view = at * LogProbsProgram.VIEWS;
        segments[view] = segment;
        segments[view + 1] = beginning;
        segments[view + 2] = i;
      } else {
        segments[at] = segment;
      }
      at++;
    }
  }

  /** Copies it to the devices, in the order of the program's inputs. */
  List<ShardedBuffer> toDevices(DeviceMesh devices) {
    long[] shape = {bucket.rows(), bucket.length()};
    long[] views =
        sharing ? new long[] {bucket.rows(), bucket.length(), LogProbsProgram.VIEWS} : shape;
    return List.of(
        devices.whole(tokens, shape),
        devices.whole(targets, shape),
        devices.whole(segments, views),
        devices.whole(positions, shape),
        devices.whole(weights, shape));
  }

  /**
   * The log-likelihood of each request of a sheet.
   *
   * @param values what the program gave
   * @param start where the sheet begins in them
   */
  static double[] sums(Sheet sheet, float[] values, int start) {
    double[] sums = new double[sheet.requests().size()];
    int at = start + sheet.shared();
    for (int i = 0; i < sums.length; i++) {
      Request request = sheet.requests().get(i);
      int end = at + request.length() - sheet.shared();
      for (int place = end - request.scored(); place < end; place++) {
        sums[i] += values[place];
      }
      at = end;
    }
    return sums;
  }
}
