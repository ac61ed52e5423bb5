package dev.hlotune.trainer.audit;

import static dev.hlotune.trainer.audit.AuditData.BEGIN;
import static dev.hlotune.trainer.audit.AuditData.CALL;
import static dev.hlotune.trainer.audit.AuditData.END;
import static dev.hlotune.trainer.audit.AuditData.ids;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.hlotune.trainer.data.DropReason;
import dev.hlotune.trainer.data.OnBadRecord;
import dev.hlotune.trainer.data.RecordKind;
import dev.hlotune.trainer.data.TrainOnEnd;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each thing that is looked for is found where it is, at its level, and not where it is not. */
final class AuditTest {
  /** {@code code level count/of first place}, one for each finding. */
  private static List<String> found(AuditReport report) {
    return report.findings().stream()
        .map(finding ->
            "%s %s %d/%d %s"
                .formatted(
                    finding.check().code(),
                    finding.level().spelled(),
                    finding.count(),
                    finding.of(),
                    finding.places().isEmpty() ? "-" : finding.places().getFirst())
                .strip())
        .toList();
  }

  private static void finds(AuditData data, String... findings) {
    assertEquals(List.of(findings), found(data.audit()));
  }

  /** Some clean examples, then {@code bad} of the ones given. */
  private static AuditData with(int clean, int bad, int[] ids, float... weights) {
    AuditData data = AuditData.clean(clean);
    for (int i = 0; i < bad; i++) {
      int[] distinct = ids.clone();
      distinct[ids.length / 2] += i;
      data.add(distinct, weights);
    }
    return data;
  }

  @Test
  void nothingIsFoundInCleanData() {
    AuditReport report = AuditData.clean(3_000).audit();
    assertEquals(List.of(), found(report));
    assertTrue(report.passed());
    assertEquals(3_000, report.train().examples());
    assertEquals(18_000, report.train().tokens());
    assertEquals(9_000, report.train().supervised());
    assertEquals(Answers.Trained.YES, report.train().answers().trained());
  }

  /** A check is a note below its limits, a warning from one on and an error from the other. */
  @ParameterizedTest
  @EnumSource
  void limitsAreKept(Check check) {
    String[] columns = check.documented().split(" \\| ", -1);
    List<Double> from =
        Stream.of(columns[2], columns[3])
            .map(text ->
                switch (text) {
                  case "any" -> 0.0;
                  case "never" -> 2.0;
                  default -> Double.parseDouble(text.replace(" %", "")) / 100;
                })
            .toList();
    for (double share : new double[] {1e-9, 0.009, 0.01, 0.049, 0.05, 0.099, 0.1, 0.5, 0.99, 1}) {
      Level expected =
          share >= from.get(1) ? Level.ERROR : share >= from.get(0) ? Level.WARNING : Level.NOTE;
      assertEquals(expected, check.level(share), check + " at " + share);
    }
  }

  @Test
  void recordsWithoutAnythingToLearn() {
    finds(
        AuditData.clean(91)
            .drop(DropReason.NO_ASSISTANT_TURN, 4, "no assistant turn", 7, 9)
            .drop(DropReason.NO_SUPERVISED_TOKEN, 5, "no supervised token", 8),
        "no_supervised_tokens warning 9/100 clean.jsonl:7");
    finds(
        AuditData.clean(90).drop(DropReason.NO_SUPERVISED_TOKEN, 10, "no supervised token", 8),
        "no_supervised_tokens error 10/100 clean.jsonl:8");
  }

  @Test
  void recordsEmptiedByTruncation() {
    finds(
        AuditData.clean(99).drop(DropReason.CUT_AWAY, 1, "cut", 3),
        "emptied_by_truncation warning 1/100 clean.jsonl:3");
    finds(
        AuditData.clean(80).drop(DropReason.CUT_AWAY, 20, "cut", 3),
        "emptied_by_truncation error 20/100 clean.jsonl:3");
  }

  @Test
  void badRecords() {
    AuditData few = AuditData.clean(98).drop(DropReason.BAD_RECORD, 2, "broken JSON", 3);
    finds(few, "bad_records warning 2/100 clean.jsonl:3");
    assertEquals("broken JSON (2)", few.audit().findings().getFirst().detail());
    finds(few.on(OnBadRecord.ERROR), "bad_records error 2/100 clean.jsonl:3");
    AuditData many =
        AuditData.clean(80)
            .drop(DropReason.BAD_RECORD, 1, "broken JSON", 3, 4)
            .drop(DropReason.BAD_RECORD, 19, "unknown role", 5, 6, 7, 8, 9);
    Finding finding = many.audit().findings().getFirst();
    assertEquals(Level.ERROR, finding.level());
    assertEquals("unknown role (19)", finding.detail());
    assertEquals(
        List.of(3L, 5L, 4L, 6L, 7L),
        finding.places().stream().map(place -> place.at().number()).toList());
  }

  @Test
  void recordsThatAreTooLong() {
    finds(
        AuditData.clean(95).drop(DropReason.TOO_LONG, 5, "too long", 3),
        "too_long note 5/100 clean.jsonl:3");
    finds(
        AuditData.clean(50).drop(DropReason.TOO_LONG, 50, "too long", 3),
        "too_long warning 50/100 clean.jsonl:3");
  }

  @Test
  void examplesThatAreCut() {
    finds(AuditData.clean(100).truncated(4), "truncated note 4/100 clean.jsonl:1");
    AuditData many = AuditData.clean(100).truncated(5);
    finds(many, "truncated warning 5/100 clean.jsonl:1");
    assertEquals("15 tokens are cut off", many.audit().findings().getFirst().detail());
  }

  @Test
  void answersThatDoNotEnd() {
    int[] endless = ids(BEGIN, 5, 6, 7, 8);
    finds(with(0, 20, endless, 0, 0, 0, 1, 1), "end_token_not_trained error 20/20 clean.jsonl:1");
    finds(
        with(80, 20, endless, 0, 0, 0, 1, 1),
        "end_token_not_trained warning 20/100 clean.jsonl:81");
    finds(
        with(995, 5, endless, 0, 0, 0, 1, 1), "end_token_not_trained note 5/1000 clean.jsonl:996");
    // It is there, and carries no loss.
    finds(
        with(0, 20, ids(BEGIN, 5, 6, 7, END), 0, 0, 0, 1, 0),
        "end_token_not_trained error 20/20 clean.jsonl:1");
  }

  @Test
  void whetherTheEndIsTrained() {
    int[] endless = ids(BEGIN, 5, 6, 7, 8);
    Answers partly = with(1, 3, endless, 0, 0, 0, 1, 1).audit().train().answers();
    assertEquals(Answers.Trained.PARTLY, partly.trained());
    assertEquals(0.25, partly.share());
    assertEquals(
        Answers.Trained.NO, with(0, 3, endless, 0, 0, 0, 1, 1).audit().train().answers().trained());
  }

  @Test
  void aLineBreakAfterTheEndIsFine() {
    finds(with(0, 3, ids(BEGIN, 5, 6, 7, END, 9), 0, 0, 0, 1, 1, 1));
    finds(
        with(0, 3, ids(BEGIN, 5, 6, 7, END, 9, 9), 0, 0, 0, 1, 1, 1, 1),
        "end_token_not_trained error 3/3 clean.jsonl:1");
  }

  @Test
  void everyTurnIsLookedAt() {
    // Two answers, the first without its end.
    int[] turns = ids(BEGIN, 5, 6, 7, 8, 9, END);
    finds(
        with(0, 4, turns, 0, 1, 1, 0, 0, 1, 1), "end_token_not_trained warning 4/8 clean.jsonl:1");
    finds(with(0, 4, turns, 0, 1, 1, 0, 0, 1, 1).training(TrainOnEnd.LAST));
    AuditData none = with(0, 4, ids(BEGIN, 5, 6, 7), 0, 0, 1, 1).training(TrainOnEnd.NONE);
    finds(none, "end_token_not_trained note 4/4 clean.jsonl:1");
    assertEquals("train_on_eos is none", none.audit().findings().getFirst().detail());
  }

  @Test
  void whatIsNoAnswerNeedNotEnd() {
    AuditData data = with(0, 4, ids(BEGIN, 5, 6, 7), 0, 1, 1, 1);
    finds(data.of(RecordKind.COMPLETION), "end_token_not_trained error 4/4 clean.jsonl:1");
    finds(data.of(RecordKind.TEXT), "end_token_not_trained warning 4/4 clean.jsonl:1");
    finds(data.of(RecordKind.TOKENS), "end_token_not_trained warning 4/4 clean.jsonl:1");
  }

  @Test
  void anAnswerThatWasCutIsNotHeldAgainstTheData() {
    int[] longest = new int[AuditData.LONGEST];
    Arrays.setAll(longest, i -> 10 + i);
    float[] weights = new float[longest.length];
    Arrays.fill(weights, 5, weights.length, 1);
    AuditData data = with(5, 7, longest, weights);
    finds(data);
    assertEquals(5, data.audit().train().answers().all());
    assertEquals(7, data.audit().train().answers().cut());
  }

  /** The assistant calls a tool, is given what that says, and goes on or ends at once. */
  @Test
  void anAnswerMayGoOnAfterATool() {
    finds(with(0, 3, ids(BEGIN, 5, CALL, 6, 9, END), 0, 1, 1, 0, 1, 1));
    AuditData atOnce = with(0, 3, ids(BEGIN, 5, CALL, 6, 8, END), 0, 1, 1, 0, 0, 1);
    finds(atOnce);
    assertEquals(3, atOnce.audit().train().answers().handedOver());
    assertEquals(Map.of(END, 3L), atOnce.audit().train().answers().endings());
    finds(
        with(0, 3, ids(BEGIN, 5, CALL, 6, 9, 8), 0, 1, 1, 0, 1, 1),
        "end_token_not_trained error 3/3 clean.jsonl:1");
  }

  /** Where a conversation ends with a call, that is where the model is to stop. */
  @Test
  void anAnswerMayEndWithACall() {
    AuditData data = with(2, 3, ids(BEGIN, 5, 6, 7, CALL), 0, 0, 1, 1, 1);
    finds(data);
    assertEquals(Map.of(END, 2L, CALL, 3L), data.audit().train().answers().endings());
  }

  @Test
  void aTokenizerWithoutAnEnd() {
    AuditData data = AuditData.clean(3).withoutEnds();
    finds(data, "end_token_not_trained error 3/3 clean.jsonl:1");
    assertEquals(
        "neither the template nor the tokenizer has an end token",
        data.audit().findings().getFirst().detail());
  }

  @Test
  void aBeginTokenTwice() {
    int[] twice = ids(BEGIN, BEGIN, 5, 6, END);
    finds(with(995, 5, twice, 0, 0, 0, 1, 1), "doubled_bos warning 5/1000 clean.jsonl:996");
    finds(with(90, 10, twice, 0, 0, 0, 1, 1), "doubled_bos error 10/100 clean.jsonl:91");
    // Twice, but not at the beginning.
    finds(with(90, 10, ids(BEGIN, 5, BEGIN, BEGIN, END), 0, 0, 0, 1, 1));
  }

  @Test
  void aBeginTokenThatIsMissing() {
    int[] none = ids(5, 6, 7, END);
    finds(with(5, 5, none, 0, 0, 1, 1));
    finds(with(5, 5, none, 0, 0, 1, 1).expectingBegin(), "missing_bos warning 5/10 clean.jsonl:6");
    finds(with(9, 1, none, 0, 0, 1, 1).expectingBegin(), "missing_bos note 1/10 clean.jsonl:10");
  }

  @Test
  void tokensThatTheTokenizerLacks() {
    AuditReport report =
        Audit.of(
            List.of(AuditData.clean(2).source()),
            List.of(),
            List.of("<|a|>", "<|b|>"),
            AuditProgress.NONE);
    assertEquals(List.of("missing_special_tokens warning 2/2 -"), found(report));
    assertEquals("<|a|>, <|b|>", report.findings().getFirst().detail());
  }

  @Test
  void examplesThatAreThereTwice() {
    AuditData few = AuditData.clean(998);
    few.add(ids(BEGIN, 10, 10, 20, 21, END), 0, 0, 0, 1, 1, 1);
    few.add(ids(BEGIN, 10, 10, 20, 21, END), 0, 0, 0, 0, 1, 1);
    finds(few, "duplicates note 2/1000 clean.jsonl:999 = clean.jsonl:1 (3 times)");
    AuditData many = AuditData.clean(4);
    many.add(ids(BEGIN, 11, 10, 20, 21, END), 0, 0, 0, 1, 1, 1);
    finds(many, "duplicates warning 1/5 clean.jsonl:5 = clean.jsonl:2");
    // The same beginning, and one token more.
    AuditData longer = AuditData.clean(4);
    longer.add(ids(BEGIN, 11, 10, 20, 21, 22, END), 0, 0, 0, 1, 1, 1, 1);
    finds(longer);
  }

  @Test
  void theMostFrequentDuplicatesAreNamed() {
    AuditData data = AuditData.clean(8);
    for (int i = 0; i < 8; i++) {
      for (int times = 0; times <= i; times++) {
        data.add(ids(BEGIN, 10 + i, 10, 20, 21, END), 0, 0, 0, 1, 1, 1);
      }
    }
    Finding finding = data.audit().findings().getFirst();
    assertEquals(36, finding.count());
    assertEquals(List.of(9L, 8L, 7L, 6L, 5L), finding.places().stream().map(Place::times).toList());
    assertEquals(
        List.of(8L, 7L, 6L, 5L, 4L),
        finding.places().stream().map(place -> place.same().orElseThrow().number()).toList());
  }

  /** Among those that are as frequent, the first. */
  @Test
  void theFirstDuplicatesAreNamed() {
    AuditData data = AuditData.clean(20);
    for (int i = 0; i < 20; i++) {
      data.add(ids(BEGIN, 10 + i, 10, 20, 21, END), 0, 0, 0, 1, 1, 1);
    }
    data.add(ids(BEGIN, 22, 10, 20, 21, END), 0, 0, 0, 1, 1, 1);
    assertEquals(
        List.of(
            "clean.jsonl:33 = clean.jsonl:13 (3 times)",
            "clean.jsonl:21 = clean.jsonl:1",
            "clean.jsonl:22 = clean.jsonl:2",
            "clean.jsonl:23 = clean.jsonl:3",
            "clean.jsonl:24 = clean.jsonl:4"),
        data.audit().findings().getFirst().places().stream().map(Place::toString).toList());
  }

  @Test
  void duplicatesAcrossDataSets() {
    AuditData other = new AuditData("other.jsonl");
    other.add(ids(BEGIN, 11, 10, 20, 21, END), 0, 0, 0, 1, 1, 1);
    AuditReport report =
        Audit.of(
            List.of(AuditData.clean(9).source(), other.source()),
            List.of(),
            List.of(),
            AuditProgress.NONE);
    assertEquals(List.of("duplicates warning 1/10 other.jsonl:1 = clean.jsonl:2"), found(report));
  }

  private static AuditReport heldOut(AuditData data) {
    return Audit.of(
        List.of(AuditData.clean(3_000).source()),
        List.of(data.source()),
        List.of(),
        AuditProgress.NONE);
  }

  @Test
  void heldOutExamplesThatAreTrainedOn() {
    AuditData clear = new AuditData("held.jsonl");
    clear.add(ids(BEGIN, 7, 7, 20, 21, END), 0, 0, 0, 1, 1, 1);
    assertEquals(List.of(), found(heldOut(clear)));
    clear.add(ids(BEGIN, 10 + 2_999 % 60, 10 + 2_999 / 60, 20, 21, END), 0, 0, 0, 1, 1, 1);
    assertEquals(
        List.of("held_out_leak warning 1/2 held.jsonl:2 = clean.jsonl:3000"),
        found(heldOut(clear)));
  }

  @Test
  void whatIsWrongWithHeldOutDataIsNoError() {
    AuditData data = new AuditData("held.jsonl");
    data.add(ids(BEGIN, 7, 7, 20, 21, 22), 0, 0, 0, 1, 1, 1).drop(DropReason.CUT_AWAY, 9, "cut", 3);
    AuditReport report = heldOut(data);
    assertEquals(
        List.of(
            "emptied_by_truncation warning 9/10 held.jsonl:3",
            "end_token_not_trained warning 1/1 held.jsonl:1"),
        found(report));
    assertTrue(report.passed());
    assertEquals(1, report.heldOut().orElseThrow().examples());
  }

  @Test
  void emptyAnswers() {
    int[] empty = ids(BEGIN, 5, 6, END);
    finds(with(99, 1, empty, 0, 0, 0, 1), "empty_answers warning 1/100 clean.jsonl:100");
    finds(with(5, 5, empty, 0, 0, 0, 1), "empty_answers error 5/10 clean.jsonl:6");
    finds(
        with(9, 1, ids(BEGIN, 5, 6, END, 9), 0, 0, 0, 1, 1),
        "empty_answers warning 1/10 clean.jsonl:10");
  }

  @Test
  void examplesOfWhichHardlyAnythingIsLearned() {
    int[] long1 = new int[101];
    Arrays.setAll(long1, i -> 10 + i % 50);
    long1[100] = END;
    float[] weights = new float[101];
    weights[100] = 1;
    weights[99] = 0;
    AuditData few = AuditData.clean(20).add(long1, weights);
    finds(
        few,
        "empty_answers warning 1/21 clean.jsonl:21",
        "low_supervision note 1/21 clean.jsonl:21");
    float[] two = weights.clone();
    two[99] = 1;
    finds(AuditData.clean(2).add(long1, two));
    int[] longer = Arrays.copyOf(long1, 201);
    Arrays.fill(longer, 100, 200, 30);
    longer[200] = END;
    float[] last = new float[201];
    last[199] = 1;
    last[200] = 1;
    finds(AuditData.clean(9).add(longer, last), "low_supervision warning 1/10 clean.jsonl:10");
  }

  @Test
  void weightsThatAreOdd() {
    int[] ids = ids(BEGIN, 5, 6, 7, END);
    finds(
        AuditData.clean(20).add(ids, 0, 0, -1, 1, 1),
        "negative_weights warning 1/21 clean.jsonl:21");
    finds(
        AuditData.clean(20).add(ids, 0, 0, 0, 100.5f, 1),
        "huge_weights warning 1/21 clean.jsonl:21");
    finds(AuditData.clean(20).add(ids, 0, 0, 0, 100, 0.01f));
    finds(
        AuditData.clean(1).add(ids, 0, 0, 1, -5, 1),
        "weights_cancel error 1/1 -",
        "negative_weights warning 1/2 clean.jsonl:2");
  }

  @Test
  void idsThatAreNotKnown() {
    finds(
        AuditData.clean(999).add(ids(BEGIN, 5, 90, 7, END), 0, 0, 0, 1, 1),
        "beyond_vocabulary error 1/1000 clean.jsonl:1000");
    finds(
        AuditData.clean(999).add(ids(BEGIN, 5, 89, 7, END), 0, 0, 0, 1, 1),
        "unknown_tokens warning 1/1000 clean.jsonl:1000");
    finds(AuditData.clean(999).add(ids(BEGIN, 5, 79, 7, END), 0, 0, 0, 1, 1));
  }

  @Test
  void theWorstComesFirst() {
    AuditData data = with(0, 20, ids(BEGIN, 5, 6, 7, 8), 0, 0, 0, 1, -0.5f).truncated(1);
    finds(
        data,
        "end_token_not_trained error 20/20 clean.jsonl:1",
        "truncated warning 1/20 clean.jsonl:1",
        "negative_weights warning 20/20 clean.jsonl:1");
    assertFalse(data.audit().passed());
  }

  @Test
  void anAuditCanBeEnded() {
    assertThrows(
        CancellationException.class,
        () ->
            Audit.of(
                List.of(AuditData.clean(10).source()),
                List.of(),
                List.of(),
                (done, total) -> {
                  throw new CancellationException("%d of %d".formatted(done, total));
                }));
  }

  @Test
  void aFindingIsOneLine() {
    Finding finding =
        new Finding(
            Check.DOUBLED_BOS,
            Level.WARNING,
            "train.jsonl",
            3,
            10_000,
            "",
            List.of(
                new Place(new dev.hlotune.trainer.source.Origin(java.nio.file.Path.of("a"), 7))));
    assertEquals(
        "data audit: warning doubled_bos: train.jsonl: 3 of 10,000 examples (< 0.1 %): they begin"
            + " with the begin token twice, as no prompt does when the model is used; take it out"
            + " of the data or out of the template (first: a:7)",
        finding.line());
  }
}
