package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.DropCause;
import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.OnBadRecord;
import dev.hlotune.trainer.data.PreparationStatistics;
import dev.hlotune.trainer.data.RecordKind;
import dev.hlotune.trainer.data.TrainOnEnd;
import dev.hlotune.trainer.source.Origin;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** Draws the findings about one data set from what was counted. */
final class Findings {
  /** What shows in single examples. */
  private static final List<Check> OF_EXAMPLES =
      List.of(
          Check.DOUBLED_BOS,
          Check.MISSING_BOS,
          Check.LOW_SUPERVISION,
          Check.NEGATIVE_WEIGHTS,
          Check.HUGE_WEIGHTS,
          Check.BEYOND_VOCABULARY,
          Check.UNKNOWN_TOKENS);

  private final SourceFacts facts;

  /** What is wrong with held-out data spoils a measure and no model. */
  private final Level worst;

  private final List<Finding> findings = new ArrayList<>();

  private Findings(SourceFacts facts, boolean heldOut) {
    this.facts = facts;
    this.worst = heldOut ? Level.WARNING : Level.ERROR;
  }

  /** The findings about each data set. */
  static List<Finding> of(DataSetFacts facts, boolean heldOut) {
    return facts.sources().stream()
        .flatMap(source -> new Findings(source, heldOut).all().stream())
        .toList();
  }

  /** Examples that repeat others. */
  static List<Finding> repeated(Check check, Fingerprints.Found found, long of) {
    return found.count() == 0
        ? List.of()
        : List.of(
            new Finding(
                check,
                check.level((double) found.count() / of),
                "",
                found.count(),
                of,
                "",
                found.places()));
  }

  /** Special tokens that the tokenizer lacks. */
  static List<Finding> missingTokens(List<String> missing) {
    Check check = Check.MISSING_SPECIAL_TOKENS;
    return missing.isEmpty()
        ? List.of()
        : List.of(
            new Finding(
                check,
                check.level(1),
                "",
                missing.size(),
                missing.size(),
                String.join(", ", missing),
                List.of()));
  }

  private List<Finding> all() {
    dropped(
        Check.NO_SUPERVISED_TOKENS, DropReason.NO_ASSISTANT_TURN, DropReason.NO_SUPERVISED_TOKEN);
    dropped(Check.EMPTIED_BY_TRUNCATION, DropReason.CUT_AWAY);
    dropped(Check.TOO_LONG, DropReason.TOO_LONG);
    dropped(Check.BAD_RECORDS, DropReason.BAD_RECORD);
    PreparationStatistics statistics = facts.statistics();
    add(
        Check.TRUNCATED,
        new Tally(statistics.truncated(), statistics.details().truncated()),
        statistics.examples(),
        "%,d tokens are cut off".formatted(statistics.truncatedTokens()));
    for (Check check : OF_EXAMPLES) {
      add(check, facts.tally(check), facts.examples(), "");
    }
    add(Check.EMPTY_ANSWERS, facts.tally(Check.EMPTY_ANSWERS), facts.answers().all(), "");
    ends();
    if (facts.examples() > 0 && facts.weight() <= 0) {
      add(Check.WEIGHTS_CANCEL, new Tally(1, List.of()), 1, "");
    }
    return findings;
  }

  private void dropped(Check check, DropReason... reasons) {
    PreparationStatistics statistics = facts.statistics();
    long count = 0;
    List<DropCause> causes = new ArrayList<>();
    for (DropReason reason : reasons) {
      count += statistics.dropped().getOrDefault(reason, 0L);
      causes.addAll(statistics.details().causes(reason));
    }
    // The first place of each cause before the second of any.
    List<Origin> places = new ArrayList<>();
    for (int i = 0; i < Finding.MOST_PLACES; i++) {
      for (DropCause cause : causes) {
        if (i < cause.places().size() && places.size() < Finding.MOST_PLACES) {
          places.add(cause.places().get(i));
        }
      }
    }
    boolean bad = check == Check.BAD_RECORDS;
    boolean fatal = bad && facts.source().onBadRecord() == OnBadRecord.ERROR;
    add(
        check,
        new Tally(count, places),
        // A record may have been dropped in several pieces.
        Math.max(count, statistics.records()),
        bad ? mostFrequent(causes) : "",
        fatal ? Level.ERROR : Level.NOTE,
        fatal ? Level.ERROR : worst);
  }

  /** What is wrong most often. */
  private static String mostFrequent(List<DropCause> causes) {
    return causes.stream()
        .sorted(Comparator.comparingLong(DropCause::count).reversed())
        .limit(1)
        .map(cause -> "%s (%,d)".formatted(cause.text(), cause.count()))
        .collect(Collectors.joining());
  }

  private void ends() {
    Answers answers = facts.answers();
    TokenRules rules = facts.source().rules();
    boolean asked = rules.end() == TrainOnEnd.NONE;
    boolean toBeLearned =
        facts.statistics().details().kinds().keySet().stream().anyMatch(RecordKind::hasAnswer);
    add(
        Check.END_TOKEN_NOT_TRAINED,
        facts.tally(Check.END_TOKEN_NOT_TRAINED),
        answers.all(),
        asked
            ? "train_on_eos is none"
            : rules.ends().isEmpty()
                ? "neither the template nor the tokenizer has an end token"
                : "",
        Level.NOTE,
        // Texts and tokens as they are given need not be answers.
        asked ? Level.NOTE : toBeLearned ? worst : Level.WARNING.atMost(worst));
  }

  private void add(Check check, Tally tally, long of, String detail, Level atLeast, Level atMost) {
    if (tally.count() == 0) {
      return;
    }
    Level level = check.level((double) tally.count() / of).atMost(atMost);
    findings.add(
        new Finding(
            check,
            level.compareTo(atLeast) < 0 ? atLeast : level,
            facts.name(),
            tally.count(),
            of,
            detail,
            tally.places().stream().map(Place::new).toList()));
  }

  private void add(Check check, Tally tally, long of, String detail) {
    add(check, tally, of, detail, Level.NOTE, worst);
  }
}
