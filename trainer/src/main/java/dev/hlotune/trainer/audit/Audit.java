package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.LengthHistogram;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * Looks at everything that a run is going to train on. Reads each example once, on all cores, and
 * keeps 8 bytes of each; where there are duplicates, examples are read again to tell their places.
 */
public final class Audit {
  private final AuditProgress progress;

  private Audit(AuditProgress progress) {
    this.progress = progress;
  }

  /**
   * Audits.
   *
   * @param train what is trained on; a data set without examples is fine
   * @param heldOut what is held out; empty where nothing is
   * @param missingTokens special tokens that the chat template spells and the tokenizer lacks
   * @param progress hears how far it is
   */
  public static AuditReport of(
      List<AuditSource> train,
      List<AuditSource> heldOut,
      List<String> missingTokens,
      AuditProgress progress) {
    return new Audit(progress).report(train, heldOut, missingTokens);
  }

  private AuditReport report(
      List<AuditSource> train, List<AuditSource> heldOut, List<String> missingTokens) {
    long[] trained = new long[size(train)];
    DataSetFacts facts = facts(train, trained);
    List<Finding> findings = new ArrayList<>(Findings.of(facts, false));
    Fingerprints fingerprints = new Fingerprints(train, trained);
    findings.addAll(Findings.repeated(Check.DUPLICATES, fingerprints.repeats(), facts.examples()));
    findings.addAll(Findings.missingTokens(missingTokens));
    Optional<DataSetFacts> held = Optional.empty();
    if (!heldOut.isEmpty()) {
      long[] hashes = new long[size(heldOut)];
      DataSetFacts its = facts(heldOut, hashes);
      held = Optional.of(its);
      findings.addAll(Findings.of(its, true));
      findings.addAll(
          Findings.repeated(
              Check.HELD_OUT_LEAK,
              new Fingerprints(heldOut, hashes).among(fingerprints),
              its.examples()));
    }
    findings.sort(Comparator.comparing(Finding::level).reversed().thenComparing(Finding::check));
    return new AuditReport(facts, held, findings);
  }

  private static int size(List<AuditSource> sources) {
    return sources.stream().map(AuditSource::examples).mapToInt(each -> each.size()).sum();
  }

  private DataSetFacts facts(List<AuditSource> sources, long[] hashes) {
    List<SourceFacts> facts = new ArrayList<>();
    int before = 0;
    for (AuditSource source : sources) {
      facts.add(facts(source, hashes, before));
      before += source.examples().size();
    }
    LengthHistogram lengths =
        sources.stream()
            .map(AuditSource::examples)
            .map(LengthHistogram::of)
            .reduce(LengthHistogram::plus)
            .orElseThrow();
    return new DataSetFacts(facts, lengths);
  }

  private SourceFacts facts(AuditSource source, long[] hashes, int before) {
    SourceFacts[] sum = {SourceFacts.none(source)};
    Waves.run(
        source.examples().size(),
        (from, to) -> {
          Scan scan = new Scan(source);
          for (int i = from; i < to; i++) {
            hashes[before + i] = scan.look(i);
          }
          return scan.facts();
        },
        later -> sum[0] = sum[0].plus(later),
        progress);
    return sum[0];
  }
}
