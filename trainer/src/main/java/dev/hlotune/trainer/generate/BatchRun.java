package dev.hlotune.trainer.generate;

import dev.hlotune.sharding.DeviceMesh;
import dev.hlotune.sharding.ShardedBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;

/** Answers the prompts of one batch. */
final class BatchRun {
  /** With somebody listening, the device is asked after so many tokens at the latest. */
  private static final int STREAMED = 4;

  private final DeviceMesh devices;
  private final GenerationPrograms programs;
  private final List<ShardedBuffer> weights;
  private final SamplerInputs settings;
  private final GenerationShape first;
  private final List<GeneratedRow> rows;
  private final Optional<TokenSink> sink;
  private final AtomicBoolean stop;
  private final List<ShardedBuffer> sampler;
  private final List<ShardedBuffer> rowNumbers;
  private GenerationShape shape;
  private List<ShardedBuffer> state = List.of();

  /** The place of the last token of all rows. */
  private int slot;

  BatchRun(
      DeviceMesh devices,
      GenerationPrograms programs,
      List<ShardedBuffer> weights,
      SamplerInputs settings,
      GenerationShape shape,
      List<GeneratedRow> rows,
      Optional<TokenSink> sink,
      AtomicBoolean stop) {
    this.devices = devices;
    this.programs = programs;
    this.weights = weights;
    this.settings = settings;
    this.first = shape;
    this.shape = shape;
    this.rows = rows;
    this.sink = sink;
    this.stop = stop;
    int[] numbers = new int[shape.rows()];
    for (int i = 0; i < rows.size(); i++) {
      numbers[i] = rows.get(i).number();
    }
    this.rowNumbers = settings.rows(devices, numbers);
    this.sampler = settings.all(rowNumbers);
  }

  void run() {
    try {
      prefill();
      while (rows.stream().anyMatch(GeneratedRow::isOpen)) {
        if (stop.get()) {
          rows.forEach(GeneratedRow::interrupt);
        } else if (turnsNow()) {
          close(state);
          shape = GenerationPrograms.again(first);
          prefill();
        } else {
          decode();
        }
      }
    } finally {
      close(state);
      close(rowNumbers);
    }
  }

  /** Runs all that is written of every row, and takes the next token. */
  private void prefill() {
    int length = shape.prompt();
    int[] tokens = new int[shape.rows() * length];
    int[] starts = new int[shape.rows()];
    // A row without a prompt has one token, so that it sees something.
    Arrays.fill(starts, length - 1);
    for (int i = 0; i < rows.size(); i++) {
      int[] written = rows.get(i).all();
      starts[i] = length - written.length;
      System.arraycopy(written, 0, tokens, i * length + starts[i], written.length);
    }
    List<ShardedBuffer> passing = new ArrayList<>();
    passing.add(devices.whole(tokens, shape.rows(), length));
    passing.add(devices.whole(starts, shape.rows()));
    if (settings.change().penalty()) {
      passing.add(seen());
    }
    List<ShardedBuffer> inputs = new ArrayList<>(weights);
    inputs.addAll(passing);
    inputs.addAll(sampler);
    state = programs.prefill(shape, settings.change()).run(inputs);
    int[] next = state.getFirst().readInts();
    close(passing);
    slot = length;
    force(next);
    take(next, 1, 1);
  }

  /** Puts forced tokens in the place of those that the model took. */
  private void force(int[] next) {
    boolean changed = false;
    for (int i = 0; i < rows.size(); i++) {
      Iterator<Integer> forced = rows.get(i).forced().iterator();
      if (forced.hasNext()) {
        next[i] = forced.next();
        changed = true;
      }
    }
    if (changed) {
      List<ShardedBuffer> replaced = new ArrayList<>(state);
      replaced.set(0, devices.whole(next, next.length)).close();
      state = replaced;
    }
  }

  private ShardedBuffer seen() {
    int words = settings.vocabulary();
    int[] seen = new int[shape.rows() * words];
    for (int i = 0; i < rows.size(); i++) {
      for (int token : rows.get(i).all()) {
        seen[i * words + token] = 1;
      }
    }
    return devices.whole(seen, shape.rows(), words);
  }

  /** Adds some tokens to every row that is open. */
  private void decode() {
    int steps = steps();
    int[] starts = new int[shape.rows()];
    int[] open = new int[shape.rows()];
    int[] limits = new int[shape.rows()];
    int[] forced = new int[shape.rows() * DecodeProgram.CHUNK];
    Arrays.fill(starts, slot);
    Arrays.fill(forced, -1);
    for (int i = 0; i < rows.size(); i++) {
      GeneratedRow row = rows.get(i);
      starts[i] = slot + 1 - row.length();
      if (row.isOpen()) {
        open[i] = 1;
        limits[i] = slot + row.left();
        int at = i * DecodeProgram.CHUNK;
        for (int token : row.forced()) {
          if (at < (i + 1) * DecodeProgram.CHUNK) {
            forced[at++] = token;
          }
        }
      }
    }
    List<ShardedBuffer> passing =
        List.of(
            devices.whole(starts, starts.length),
            devices.scalar(slot),
            devices.scalar(steps),
            devices.whole(open, open.length),
            devices.whole(limits, limits.length));
    ShardedBuffer wanted = devices.whole(forced, shape.rows(), DecodeProgram.CHUNK);
    List<ShardedBuffer> inputs = new ArrayList<>(weights);
    inputs.addAll(state);
    inputs.addAll(passing);
    inputs.add(settings.marks());
    inputs.add(wanted);
    inputs.addAll(sampler);
    List<ShardedBuffer> outputs = programs.decode(shape, settings.change()).run(inputs);
    state = outputs.subList(0, outputs.size() - 2);
    int[] tokens = outputs.get(outputs.size() - 2).readInts();
    int count = outputs.getLast().readInts()[0];
    close(passing);
    wanted.close();
    close(outputs.subList(outputs.size() - 2, outputs.size()));
    slot += count;
    take(tokens, DecodeProgram.CHUNK, count);
  }

  /** So few that no row runs on past its turn, or past what the listener waits for. */
  private int steps() {
    int steps = sink.isPresent() ? STREAMED : DecodeProgram.CHUNK;
    int turn = programs.turn().orElse(Integer.MAX_VALUE);
    for (GeneratedRow row : rows) {
      if (row.isOpen() && row.length() <= turn) {
        steps = Math.min(steps, turn + 1 - row.length());
      }
    }
    return steps;
  }

  /** Whether a row is now longer than the cache is good for. */
  private boolean turnsNow() {
    int turn = programs.turn().orElse(Integer.MAX_VALUE);
    return rows.stream()
        .anyMatch(row -> row.isOpen() && row.added() > 0 && row.length() == turn + 1);
  }

  /**
   * Gives tokens to the rows.
   *
   * @param tokens so many for each row
   * @param count how many of them there are
   */
  private void take(int[] tokens, int stride, int count) {
    for (int i = 0; i < rows.size(); i++) {
      GeneratedRow row = rows.get(i);
      int before = row.added();
      for (int j = 0; j < count && row.accept(tokens[i * stride + j]); j++) {
        // Taken, as long as the row is open.
      }
      if (row.added() > before) {
        sink.ifPresent(to -> to.accept(row.number(), row.answerFrom(before)));
      }
    }
  }

  private static void close(List<ShardedBuffer> buffers) {
    buffers.forEach(ShardedBuffer::close);
  }
}
