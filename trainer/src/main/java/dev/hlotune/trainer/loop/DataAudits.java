package dev.hlotune.trainer.loop;

import dev.hlotune.configs.OnFinding;
import dev.hlotune.configs.SftConfig;
import dev.hlotune.trainer.audit.Audit;
import dev.hlotune.trainer.audit.AuditProgress;
import dev.hlotune.trainer.audit.AuditReport;
import dev.hlotune.trainer.audit.AuditSource;
import dev.hlotune.trainer.audit.Check;
import dev.hlotune.trainer.audit.Finding;
import dev.hlotune.trainer.audit.Level;
import dev.hlotune.trainer.audit.TokenRules;
import dev.hlotune.trainer.data.Mixture;
import dev.hlotune.trainer.data.OnBadRecord;
import dev.hlotune.trainer.source.DataException;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/** Audits the data of a run. */
final class DataAudits {
  private DataAudits() {}

  /**
   * Audits what is trained on and what is held out.
   *
   * @param vocabulary the rows of the model's embedding; empty where the model is not known
   */
  static AuditReport of(
      SftConfig config, DataSets data, OptionalInt vocabulary, AuditProgress progress) {
    OnBadRecord onBadRecord = OnBadRecord.valueOf(config.data().onBadRecord().name());
    return Audit.of(
        sources(data.train(), data, onBadRecord, vocabulary),
        data.heldOut()
            .map(heldOut -> sources(heldOut, data, onBadRecord, vocabulary))
            .orElse(List.of()),
        TokenNotes.missing(data.template().source(), data.tokenizer(), data.train()),
        progress);
  }

  private static List<AuditSource> sources(
      Mixture mixture, DataSets data, OnBadRecord onBadRecord, OptionalInt vocabulary) {
    return mixture.distinct().stream()
        .map(part ->
            AuditSource.of(
                part,
                onBadRecord,
                TokenRules.of(part.data().options(), data.tokenizer(), vocabulary)))
        .toList();
  }

  /**
   * Lets a run on only where its data can be trained on: an error ends it, unless the recipe has it
   * go on. What is found is said either way.
   *
   * @throws DataException with the errors
   */
  static void gate(
      SftConfig config, DataSets data, int vocabulary, RunObserver observer, AtomicBoolean stop) {
    AuditReport report =
        of(
            config,
            data,
            OptionalInt.of(vocabulary),
            (done, total) -> {
              if (stop.get()) {
                throw new CancellationException("asked to stop");
              }
              if (done < total) { // What takes no time needs no line.
                observer.on(new RunEvent.Progressed("auditing", done, total));
              }
            });
    List<Finding> errors = report.findings(Level.ERROR);
    boolean goesOn = config.data().audit() == OnFinding.WARN;
    report.findings().stream()
        .filter(finding -> finding.level() != Level.NOTE)
        // Said already when the data was opened.
        .filter(finding -> finding.check() != Check.MISSING_SPECIAL_TOKENS)
        .filter(finding -> goesOn || finding.level() != Level.ERROR)
        .forEach(finding -> observer.on(new RunEvent.Noted(finding.line())));
    if (!errors.isEmpty() && !goesOn) {
      throw new DataException(
          "data audit: expected data without errors, got %d; see them with \"hlotune data audit\", or set data_audit to warn%s"
              .formatted(
                  errors.size(),
                  errors.stream()
                      .map(error -> "\n  " + error.line().replaceFirst("^data audit: ", ""))
                      .collect(Collectors.joining())));
    }
  }
}
