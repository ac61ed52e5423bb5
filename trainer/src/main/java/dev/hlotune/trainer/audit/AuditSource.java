package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.Examples;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.data.OnBadRecord;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.PreparedData;
import dev.hlotune.trainer.source.Origin;
import java.util.function.IntFunction;

/**
 * A data set that is audited.
 *
 * @param name what to call it
 * @param examples its examples, each once
 * @param origin where the record of an example was read
 * @param statistics what became of its records
 * @param onBadRecord what a run does at a record that cannot be read
 * @param rules what is expected of its tokens
 */
public record AuditSource(
    String name,
    Examples examples,
    IntFunction<Origin> origin,
    PreparationStatistics statistics,
    OnBadRecord onBadRecord,
    TokenRules rules) {

  /**
   * What of a prepared data set is used.
   *
   * @param part its examples, each once
   */
  public static AuditSource of(Mixture.Part part, OnBadRecord onBadRecord, TokenRules rules) {
    PreparedData data = part.data();
    int[] examples = part.examples();
    boolean all = examples.length == data.size();
    return new AuditSource(
        data.options().source().name(),
        all ? data : new Chosen(data, examples),
        all ? data::origin : index -> data.origin(examples[index]),
        data.statistics(),
        onBadRecord,
        rules);
  }

  /** Some examples of a data set. */
  @SuppressWarnings("ArrayRecordComponent") // Possibly millions of them.
  private record Chosen(Examples all, int[] chosen) implements Examples {
    @Override
    public int size() {
      return chosen.length;
    }

    @Override
    public int length(int index) {
      return all.length(chosen[index]);
    }

    @Override
    public Example get(int index) {
      return all.get(chosen[index]);
    }
  }
}
