package dev.hlotune.trainer.benchmark;

import dev.hlotune.configs.ConfigException;
import dev.hlotune.hlo.nn.NearestName;
import dev.hlotune.trainer.benchmark.Task.Dataset;
import dev.hlotune.trainer.benchmark.Task.Measure;
import dev.hlotune.trainer.benchmark.Task.Shown;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** The tasks that there are, and the groups of them. */
final class TaskTable {
  private static final List<Measure> BOTH = List.of(Measure.ACCURACY, Measure.NORMALIZED);
  private static final List<Measure> PLAIN = List.of(Measure.ACCURACY);

  private static final Dataset TRUTHFUL = Dataset.of("truthfulqa/truthful_qa", "multiple_choice");

  private static final Map<String, Task> TASKS = tasks();
  private static final Map<String, TaskGroup> GROUPS = groups();

  private TaskTable() {}

  /**
   * What some names stand for.
   *
   * @param tasks each once, in the order of the names
   * @param groups those that were named and those below them
   */
  record Selection(List<Task> tasks, List<TaskGroup> groups) {}

  private static Map<String, Task> tasks() {
    Map<String, Task> tasks = new LinkedHashMap<>();
    for (String level : List.of("Easy", "Challenge")) {
      Dataset dataset = Dataset.of("allenai/ai2_arc", "ARC-" + level);
      put(
          tasks,
          choice(
              "arc_" + level.toLowerCase(Locale.ROOT),
              dataset,
              "test",
              "1.0",
              Questions::arc,
              BOTH,
              Shown.DRAWN,
              "train"));
      put(tasks, new Task.Letter("ARC-" + level, dataset, "test", 0.25));
    }
    put(
        tasks,
        choice(
            "hellaswag",
            Dataset.of("Rowan/hellaswag"),
            "validation",
            "1.0",
            Questions::hellaSwag,
            BOTH,
            Shown.DRAWN_BUT_ITSELF,
            "train"));
    put(
        tasks,
        choice(
            "piqa",
            Dataset.of("baber/piqa"),
            "validation",
            "1.0",
            Questions::piqa,
            BOTH,
            Shown.DRAWN_BUT_ITSELF,
            "train"));
    put(
        tasks,
        choice(
            "winogrande",
            Dataset.of("allenai/winogrande", "winogrande_xl"),
            "validation",
            "1.0",
            Questions::winogrande,
            PLAIN,
            Shown.DRAWN_BUT_ITSELF,
            "train"));
    put(
        tasks,
        choice(
            "truthfulqa_mc1",
            TRUTHFUL,
            "validation",
            "2.0",
            Questions::truthful1,
            PLAIN,
            Shown.NONE,
            "validation"));
    put(
        tasks,
        choice(
            "truthfulqa_mc2",
            TRUTHFUL,
            "validation",
            "3.0",
            Questions::truthful2,
            List.of(Measure.TRUE_MASS),
            Shown.NONE,
            "validation"));
    MmluSubjects.BY_FIELD.forEach(
        (_, subjects) -> subjects.forEach(subject -> put(tasks, mmlu(subject))));
    put(tasks, new Task.Letter("MMLU", Dataset.of("cais/mmlu", "all"), "test", 0.25));
    Dataset problems = Dataset.of("openai/gsm8k", "main");
    put(tasks, new Task.Answer("gsm8k", problems, "test", "3.0", true, 5, "train", 256));
    put(tasks, new Task.Answer("GSM8K", problems, "test", "nanochat", false, 0, "train", 512));
    return tasks;
  }

  private static Task.Choice choice(
      String name,
      Dataset dataset,
      String split,
      String version,
      Questions.Form form,
      List<Measure> measures,
      Shown shown,
      String shownSplit) {
    return new Task.Choice(
        name, name, dataset, split, version, form, measures, shown, shownSplit, "");
  }

  private static Task mmlu(String subject) {
    return new Task.Choice(
        "mmlu_" + subject,
        subject,
        Dataset.of(MmluSubjects.DATASET, subject),
        "test",
        "1.0",
        Questions::mmlu,
        PLAIN,
        Shown.FIRST,
        "dev",
        "The following are multiple choice questions (with answers) about %s.\n\n"
            .formatted(subject.replace('_', ' ')));
  }

  private static void put(Map<String, Task> tasks, Task task) {
    tasks.put(task.name(), task);
  }

  private static Map<String, TaskGroup> groups() {
    Map<String, TaskGroup> groups = new LinkedHashMap<>();
    MmluSubjects.BY_FIELD.forEach((field, subjects) -> {
      String name = "mmlu_" + field;
      groups.put(
          name,
          new TaskGroup(
              name,
              field.replace('_', ' '),
              subjects.stream().map(subject -> "mmlu_" + subject).toList(),
              TaskGroup.Mean.BY_SIZE,
              "2"));
    });
    groups.put(
        "mmlu",
        new TaskGroup("mmlu", "mmlu", List.copyOf(groups.keySet()), TaskGroup.Mean.BY_SIZE, "2"));
    groups.put(
        "ai2_arc",
        new TaskGroup(
            "ai2_arc",
            "ai2_arc",
            List.of("arc_easy", "arc_challenge"),
            TaskGroup.Mean.NONE,
            "N/A"));
    groups.put(
        "chatcore",
        new TaskGroup(
            "chatcore",
            "chatcore",
            List.of("ARC-Easy", "ARC-Challenge", "MMLU", "GSM8K"),
            TaskGroup.Mean.ABOVE_GUESSING,
            "nanochat"));
    return groups;
  }

  /** Every name that {@code --tasks} takes but the subjects of MMLU. */
  static List<String> names() {
    List<String> names = new ArrayList<>();
    TASKS.keySet().stream().filter(name -> !name.startsWith("mmlu_")).forEach(names::add);
    names.addAll(GROUPS.keySet());
    return names;
  }

  /**
   * The tasks of some names.
   *
   * @throws ConfigException if one is not known, with those that are nearest
   */
  static Selection select(List<String> names) {
    if (names.isEmpty()) {
      throw ConfigException.of("'tasks': expected at least one, got none");
    }
    Set<String> tasks = new LinkedHashSet<>();
    Set<String> groups = new LinkedHashSet<>();
    for (String name : names) {
      if (!add(name, tasks, groups)) {
        throw ConfigException.of(unknown(name));
      }
    }
    return new Selection(
        tasks.stream().map(TaskTable::task).toList(),
        groups.stream().map(TaskTable::group).toList());
  }

  private static boolean add(String name, Set<String> tasks, Set<String> groups) {
    if (TASKS.containsKey(name)) {
      tasks.add(name);
      return true;
    }
    if (!GROUPS.containsKey(name)) {
      return false;
    }
    groups.add(name);
    group(name).members().forEach(member -> add(member, tasks, groups));
    return true;
  }

  /** The name of a task and of the groups that hold it, the smallest first. */
  static List<String> namesOf(Task task) {
    List<String> names = new ArrayList<>(List.of(task.name()));
    for (TaskGroup group : GROUPS.values()) {
      if (group.members().stream().anyMatch(names::contains)) {
        names.add(group.name());
      }
    }
    return names;
  }

  private static Task task(String name) {
    return Objects.requireNonNull(TASKS.get(name), name);
  }

  private static TaskGroup group(String name) {
    return Objects.requireNonNull(GROUPS.get(name), name);
  }

  private static String unknown(String name) {
    List<String> known = new ArrayList<>(TASKS.keySet());
    known.addAll(GROUPS.keySet());
    return "'tasks': expected known tasks, got '%s'%s; there are %s"
        .formatted(
            name,
            name.equalsIgnoreCase("humaneval")
                ? " (which runs the model's programs, and is not there)"
                : NearestName.meant(name, known)
                    .map(meant -> " (did you mean '" + meant + "'?)")
                    .orElse(""),
            String.join(", ", names()));
  }
}
