package dev.hlotune.trainer.audit;

import dev.hlotune.trainer.data.Example;
import dev.hlotune.trainer.data.TrainOnEnd;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/** Looks at examples one after the other and counts. Scans of stretches are added in order. */
final class Scan {
  private static final int NOTHING = -1;

  private final AuditSource source;
  private final TokenRules rules;
  private final int[] ends;
  private final int begin;

  private final Map<Check, Tally> tallies = new EnumMap<>(Check.class);
  private final Map<Integer, Long> endings = new TreeMap<>();
  private long tokens;
  private long supervised;
  private double weight;
  private long answers;
  private long cut;
  private long handedOver;

  Scan(AuditSource source) {
    this.source = source;
    this.rules = source.rules();
    this.ends = rules.ends().keySet().stream().mapToInt(Integer::intValue).toArray();
    this.begin = rules.begin().orElse(NOTHING);
  }

  /** Looks at one example; gives the hash of its ids. */
  long look(int index) {
    Example example = source.examples().get(index);
    int[] ids = example.ids();
    float[] weights = example.weights();
    int largest = 0;
    float lightest = 0;
    float heaviest = 0;
    int carrying = 0;
    double sum = 0;
    for (int i = 0; i < ids.length; i++) {
      largest = Math.max(largest, ids[i]);
      float w = weights[i];
      lightest = Math.min(lightest, w);
      heaviest = Math.max(heaviest, w);
      carrying += w == 0 ? 0 : 1;
      sum += w;
    }
    tokens += ids.length;
    supervised += carrying;
    weight += sum;
    tally(Check.BEYOND_VOCABULARY, largest >= rules.vocabulary(), index);
    tally(Check.UNKNOWN_TOKENS, largest >= rules.known() && largest < rules.vocabulary(), index);
    tally(Check.NEGATIVE_WEIGHTS, lightest < 0, index);
    tally(Check.HUGE_WEIGHTS, Math.max(heaviest, -lightest) > Check.HUGE, index);
    tally(Check.LOW_SUPERVISION, carrying < Check.FEW * ids.length, index);
    begins(ids, index);
    answers(ids, weights, index);
    return Fingerprints.of(ids);
  }

  private void begins(int[] ids, int index) {
    if (begin == NOTHING) {
      return;
    }
    // Where begin and end are one token, two of them may be an empty text.
    int least = isEnd(begin) ? 3 : 2;
    tally(Check.DOUBLED_BOS, ids.length >= least && ids[0] == begin && ids[1] == begin, index);
    tally(Check.MISSING_BOS, rules.beginExpected() && ids[0] != begin, index);
  }

  private void answers(int[] ids, float[] weights, int index) {
    boolean continued = false;
    int from = next(weights, 0, true);
    while (from < ids.length) {
      int to = next(weights, from, false);
      int following = next(weights, to, true);
      boolean last = following == ids.length;
      int end = end(ids, from, to);
      tally(Check.EMPTY_ANSWERS, !continued && isEnd(ids[from]), index);
      boolean special = end == NOTHING && rules.special().containsKey(ids[to - 1]);
      continued = special && !last;
      if (continued) {
        handedOver++;
      } else if (special) {
        answer(ids[to - 1], index);
      } else if (end == NOTHING && to == rules.maxLength()) {
        cut++;
      } else if (last || rules.end() != TrainOnEnd.LAST) {
        answer(end, index);
      }
      from = following;
    }
  }

  private void answer(int end, int index) {
    answers++;
    if (end == NOTHING) {
      tally(Check.END_TOKEN_NOT_TRAINED, true, index);
    } else {
      endings.merge(end, 1L, Long::sum);
    }
  }

  /** The next place where a weight is other than 0, or where it is 0; else the end. */
  private static int next(float[] weights, int from, boolean carrying) {
    int at = from;
    while (at < weights.length && (weights[at] != 0) != carrying) {
      at++;
    }
    return at;
  }

  /** The end token at the end, which templates may have a line break after. */
  private int end(int[] ids, int from, int to) {
    for (int i = to - 1; i >= Math.max(from, to - 2); i--) {
      if (isEnd(ids[i])) {
        return ids[i];
      }
    }
    return NOTHING;
  }

  private boolean isEnd(int id) {
    for (int end : ends) {
      if (end == id) {
        return true;
      }
    }
    return false;
  }

  private void tally(Check check, boolean seen, int index) {
    if (!seen) {
      return;
    }
    Tally before = tallies.getOrDefault(check, Tally.NONE);
    tallies.put(
        check,
        before.places().size() < Finding.MOST_PLACES
            ? before.and(source.origin().apply(index))
            : new Tally(before.count() + 1, before.places()));
  }

  /** What was seen, as the facts of a stretch of the data set. */
  SourceFacts facts() {
    return new SourceFacts(
        source,
        tokens,
        supervised,
        weight,
        new Answers(answers, cut, handedOver, endings),
        tallies);
  }
}
