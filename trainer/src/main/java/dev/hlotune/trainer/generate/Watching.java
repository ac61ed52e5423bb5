package dev.hlotune.trainer.generate;

import java.util.ArrayList;
import java.util.List;

/** What watches answers: stop strings, tools. */
public interface Watching {
  /** Nothing is watched. */
  Watching NONE =
      new Watching() {
        @Override
        public RowWatch watch() {
          return _ -> RowWatch.GO_ON;
        }

        @Override
        public boolean pauses(int token) {
          return false;
        }
      };

  /** Watches one more answer, from its first token on. */
  RowWatch watch();

  /**
   * Whether the device waits for the host after this token: a watch may force what follows after no
   * other.
   */
  boolean pauses(int token);

  /** All of some; the first that says something other than to go on counts. */
  static Watching all(List<Watching> some) {
    List<Watching> parts = List.copyOf(some);
    return new Watching() {
      @Override
      public RowWatch watch() {
        List<RowWatch> watches = parts.stream().map(Watching::watch).toList();
        return token -> {
          List<RowWatch.Verdict> verdicts = new ArrayList<>();
          // Every one of them sees every token.
          watches.forEach(watch -> verdicts.add(watch.after(token)));
          return verdicts.stream()
              .filter(verdict -> !(verdict instanceof RowWatch.Verdict.GoOn))
              .findFirst()
              .orElse(RowWatch.GO_ON);
        };
      }

      @Override
      public boolean pauses(int token) {
        return parts.stream().anyMatch(part -> part.pauses(token));
      }
    };
  }
}
