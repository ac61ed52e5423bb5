package dev.hlotune.trainer.benchmark;

import java.util.List;
import java.util.Optional;

/** Something that a model is asked, and how its answers are counted. */
sealed interface Task {
  /** As {@code --tasks} names it. */
  String name();

  /** What it is called in a table below its group. */
  String alias();

  /** Where its rows come from, unless files are named. */
  Dataset dataset();

  /** The split that is asked. */
  String split();

  /** Raised by lm-evaluation-harness when results are no longer comparable; nanochat has none. */
  String version();

  /**
   * A data set of the hub.
   *
   * @param id {@code owner/name}
   * @param config one of its configurations; empty takes the only one
   */
  record Dataset(String id, Optional<String> config) {
    static Dataset of(String id) {
      return new Dataset(id, Optional.empty());
    }

    static Dataset of(String id, String config) {
      return new Dataset(id, Optional.of(config));
    }
  }

  /** What is counted. */
  enum Measure {
    /** The choice with the largest log-likelihood is the right one. */
    ACCURACY("acc"),
    /** The same, each log-likelihood divided by the characters of its choice. */
    NORMALIZED("acc_norm"),
    /** The part of the choices' probability that the true ones have. */
    TRUE_MASS("acc");

    private final String spelled;

    Measure(String spelled) {
      this.spelled = spelled;
    }

    String spelled() {
      return spelled;
    }
  }

  /** Which examples stand before a question. */
  enum Shown {
    /** Drawn anew for each question. */
    DRAWN,
    /**
     * Likewise, one more than is shown: one that is the question itself is left out. What {@code
     * lm-evaluation-harness} does where a task has no test split.
     */
    DRAWN_BUT_ITSELF,
    /** The first ones, the same for every question. */
    FIRST,
    /** None, whatever is asked for. */
    NONE
  }

  /**
   * A task of lm-evaluation-harness by the log-likelihood of each choice.
   *
   * @param shownSplit where the examples before a question come from
   * @param description what stands before everything
   */
  record Choice(
      String name,
      String alias,
      Dataset dataset,
      String split,
      String version,
      Questions.Form form,
      List<Measure> measures,
      Shown shown,
      String shownSplit,
      String description)
      implements Task {
    public Choice {
      measures = List.copyOf(measures);
    }
  }

  /**
   * A task that is answered in words.
   *
   * @param harness whether it is lm-evaluation-harness's, or nanochat's
   * @param shots examples before a question, unless told otherwise
   * @param shownSplit where they come from
   * @param maxNewTokens of an answer
   */
  record Answer(
      String name,
      Dataset dataset,
      String split,
      String version,
      boolean harness,
      int shots,
      String shownSplit,
      int maxNewTokens)
      implements Task {
    @Override
    public String alias() {
      return name;
    }
  }

  /**
   * A task of nanochat: a conversation up to the answer, of which only the letters of the choices
   * are compared.
   *
   * @param baseline what guessing gives
   */
  record Letter(String name, Dataset dataset, String split, double baseline) implements Task {
    @Override
    public String alias() {
      return name;
    }

    @Override
    public String version() {
      return "nanochat";
    }
  }
}
