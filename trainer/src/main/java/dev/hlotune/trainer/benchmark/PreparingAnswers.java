package dev.hlotune.trainer.benchmark;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.trainer.data.ChatPrompt;
import dev.hlotune.trainer.data.ChatTemplate;
import dev.hlotune.trainer.data.EndTokens;
import dev.hlotune.trainer.data.Message;
import dev.hlotune.trainer.data.Tokenizer;
import dev.hlotune.trainer.generate.GenerationSettings;
import dev.hlotune.trainer.generate.PythonTool;
import dev.hlotune.trainer.generate.Sampling;
import dev.hlotune.trainer.generate.StopStrings;
import dev.hlotune.trainer.generate.Watching;
import dev.hlotune.trainer.loop.MeasuredModel;
import dev.hlotune.trainer.loop.RunEvent;
import dev.hlotune.trainer.loop.RunObserver;
import dev.hlotune.trainer.source.RawRecord;
import dev.hlotune.trainer.tasks.PythonRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Makes prompts of the rows of tasks that are answered in words. */
final class PreparingAnswers {
  private static final List<String> UNTIL = List.of("Question:", "</s>", "<|im_end|>");

  private final MeasuredModel model;
  private final Tokenizer tokenizer;
  private final TaskRows rows;
  private final BenchmarkOptions options;
  private final int maxLength;
  private final RunObserver observer;

  PreparingAnswers(
      MeasuredModel model,
      TaskRows rows,
      BenchmarkOptions options,
      int maxLength,
      RunObserver observer) {
    this.model = model;
    this.tokenizer = model.tokenizer();
    this.rows = rows;
    this.options = options;
    this.maxLength = maxLength;
    this.observer = observer;
  }

  PreparedAnswers of(Task.Answer task) {
    TaskRows.Found found = rows.of(task, task.split());
    int count = found.rows().size();
    List<RawRecord> asked = found.rows().subList(0, Math.min(count, options.limit().orElse(count)));
    return task.harness() ? harness(task, found, asked) : nanochat(task, found, asked);
  }

  /** What is too long for an answer to follow loses its beginning. */
  private PreparedAnswers harness(Task.Answer task, TaskRows.Found found, List<RawRecord> asked) {
    int room = maxLength - task.maxNewTokens();
    if (room < 1) {
      throw ConfigException.of(
          "'%s': expected a model with room for a question before an answer of %d tokens, got one of %d"
              .formatted(task.name(), task.maxNewTokens(), maxLength));
    }
    int shots = options.shots().orElse(task.shots());
    List<Columns> pool = shots == 0 ? List.of() : columns(rows.of(task, task.shownSplit()).rows());
    if (pool.size() < shots) {
      throw ConfigException.of(
          "'num_fewshot': expected at most %d of '%s', whose split '%s' has as many rows, got %d"
              .formatted(pool.size(), task.name(), task.shownSplit(), shots));
    }
    PythonRandom random = new PythonRandom(Shots.SEED);
    PairEncoder encoder = new PairEncoder(tokenizer);
    Prompt prompt =
        new Prompt(
            options.chat()
                ? Optional.of(new ChatPrompt(model.template(), tokenizer))
                : Optional.empty());
    StopStrings stops = new StopStrings(tokenizer, specials(), UNTIL);
    List<PreparedAnswers.Asked> questions = new ArrayList<>();
    int cut = 0;
    for (Columns row : columns(asked)) {
      List<Question> before = new ArrayList<>();
      for (int place : shots == 0 ? new int[0] : random.sample(pool.size(), shots)) {
        before.add(question(pool.get(place)));
      }
      Question question = question(row);
      int[] ids = encoder.ids(prompt.before("", before, question.text(), question));
      cut += ids.length > room ? 1 : 0;
      String answer = question.choices().getFirst();
      questions.add(
          new PreparedAnswers.Asked(
              Arrays.copyOfRange(ids, Math.max(0, ids.length - room), ids.length),
              tokens -> {
                String response = stops.cut(tokenizer.decode(tokens, true));
                return new TaskResult.Answered(
                    Gsm8k.counted(response, answer), List.of(), response, answer);
              }));
    }
    if (cut > 0) {
      observer.on(
          new RunEvent.Noted(
              "%s: %d of %d prompts are longer than %d tokens and lose their beginning"
                  .formatted(task.name(), cut, questions.size(), room)));
    }
    return new PreparedAnswers(
        task,
        shots,
        found.rows().size(),
        found.source(),
        new GenerationSettings(
            task.maxNewTokens(),
            Sampling.GREEDY,
            tokenizer.eosToken().map(token -> ids(List.of(token))).orElse(Set.of()),
            stops),
        questions);
  }

  private static Question question(Columns row) {
    return new Question(Gsm8k.question(row), List.of(Gsm8k.answer(row)), 0, row.origin());
  }

  /** The question alone, as a turn; calls of the calculator are answered. */
  private PreparedAnswers nanochat(Task.Answer task, TaskRows.Found found, List<RawRecord> asked) {
    ChatTemplate template = model.template();
    ChatPrompt prompt = new ChatPrompt(template, tokenizer);
    Optional<PythonTool> tool = PythonTool.of(tokenizer);
    if (tool.isEmpty()) {
      observer.on(
          new RunEvent.Noted(
              "%s: the tokenizer has no tokens for a calculator, so none answers"
                  .formatted(task.name())));
    }
    List<PreparedAnswers.Asked> questions = new ArrayList<>();
    for (Columns row : columns(asked)) {
      String answer = Gsm8k.answer(row);
      int[] ids =
          tokenizer.ids(prompt.of(List.of(Message.of("user", row.text("question"))), row.origin()));
      questions.add(
          new PreparedAnswers.Asked(
              Arrays.copyOfRange(ids, Math.max(0, ids.length - maxLength + 1), ids.length),
              tokens -> {
                String response = tokenizer.decode(tokens, false);
                return new TaskResult.Answered(
                    Gsm8k.countedAsNanochat(response, answer), List.of(), response, answer);
              }));
    }
    Set<Integer> ends = new LinkedHashSet<>(EndTokens.of(template, tokenizer).ids());
    tokenizer.bosToken().ifPresent(token -> ends.addAll(ids(List.of(token))));
    return new PreparedAnswers(
        task,
        0,
        found.rows().size(),
        found.source(),
        new GenerationSettings(
            task.maxNewTokens(),
            Sampling.GREEDY,
            ends,
            tool.<Watching>map(calculator -> calculator).orElse(Watching.NONE)),
        questions);
  }

  private Set<Integer> specials() {
    return ids(tokenizer.allSpecialTokens());
  }

  private Set<Integer> ids(List<String> tokens) {
    Set<Integer> ids = new LinkedHashSet<>();
    for (String token : tokens) {
      OptionalInt id = tokenizer.idOf(token);
      id.ifPresent(ids::add);
    }
    return ids;
  }

  private static List<Columns> columns(List<RawRecord> rows) {
    return rows.stream().map(row -> new Columns(row.tree(), row.origin())).toList();
  }
}
