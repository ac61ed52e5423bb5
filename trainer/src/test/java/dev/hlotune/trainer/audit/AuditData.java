package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.DropCause;
import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.OnBadRecord;
import dev.hlotune.trainer.data.PreparationDetails;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.RecordKind;
import dev.hlotune.trainer.data.TrainOnEnd;
import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;

/**
 * A made-up data set. Ids: 1 ends an answer, 2 begins a text, 3 calls a tool; the model has rows
 * for 90 of the tokenizer's 80 tokens, and examples have at most 12 tokens.
 */
final class AuditData {
  static final int END = 1;
  static final int BEGIN = 2;
  static final int CALL = 3;
  static final int LONGEST = 12;

  private final String name;
  private final List<Example> examples = new ArrayList<>();
  private final Map<DropReason, Long> dropped = new EnumMap<>(DropReason.class);
  private final List<DropCause> causes = new ArrayList<>();
  private long truncated;
  private OnBadRecord onBadRecord = OnBadRecord.SKIP;
  private TrainOnEnd end = TrainOnEnd.TURN;
  private RecordKind kind = RecordKind.CONVERSATION;
  private boolean beginExpected;
  private Map<Integer, String> ends = Map.of(END, "<end>");
  private Map<Integer, String> special = Map.of(END, "<end>", BEGIN, "<begin>", CALL, "<call>");

  AuditData(String name) {
    this.name = name;
  }

  /** Examples of a question and an answer with its end, no two alike. */
  static AuditData clean(int count) {
    AuditData data = new AuditData("clean.jsonl");
    for (int i = 0; i < count; i++) {
      data.add(ids(BEGIN, 10 + i % 60, 10 + i / 60, 20, 21, END), 0, 0, 0, 1, 1, 1);
    }
    return data;
  }

  static int[] ids(int... ids) {
    return ids;
  }

  AuditData add(int[] ids, float... weights) {
    examples.add(new Example(ids, weights));
    return this;
  }

  AuditData drop(DropReason reason, long count, String text, long... lines) {
    dropped.merge(reason, count, Long::sum);
    List<Origin> places = new ArrayList<>();
    for (long line : lines) {
      places.add(new Origin(Path.of(name), line));
    }
    causes.add(new DropCause(reason, text, count, places));
    return this;
  }

  AuditData truncated(long count) {
    truncated = count;
    return this;
  }

  AuditData on(OnBadRecord policy) {
    onBadRecord = policy;
    return this;
  }

  AuditData training(TrainOnEnd which) {
    end = which;
    return this;
  }

  AuditData of(RecordKind which) {
    kind = which;
    return this;
  }

  AuditData expectingBegin() {
    beginExpected = true;
    return this;
  }

  AuditData withoutEnds() {
    ends = Map.of();
    special = Map.of();
    return this;
  }

  AuditSource source() {
    long tokens = examples.stream().mapToLong(Example::length).sum();
    long lost = dropped.values().stream().mapToLong(Long::longValue).sum();
    return new AuditSource(
        name,
        Examples.of(examples),
        index -> new Origin(Path.of(name), index + 1L),
        new PreparationStatistics(
            examples.size() + lost,
            examples.size(),
            tokens,
            examples.stream().mapToLong(Example::supervised).sum(),
            0,
            truncated,
            3 * truncated,
            dropped,
            List.of(),
            0,
            new PreparationDetails(
                Map.of(kind, (long) examples.size()),
                causes,
                truncated == 0 ? List.of() : List.of(new Origin(Path.of(name), 1)))),
        onBadRecord,
        new TokenRules(ends, special, end, OptionalInt.of(BEGIN), beginExpected, LONGEST, 90, 80));
  }

  AuditReport audit() {
    return Audit.of(List.of(source()), List.of(), List.of(), AuditProgress.NONE);
  }
}
