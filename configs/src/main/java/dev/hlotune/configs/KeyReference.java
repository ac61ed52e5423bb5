package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** The table of keys as help on a terminal and as a page of the documentation. */
public final class KeyReference {
  private KeyReference() {}

  /**
   * The keys of {@code hlotune sft} as options.
   *
   * @param width columns to wrap at, at least 40
   */
  public static String sftHelp(int width) {
    StringBuilder out = new StringBuilder();
    for (KeyTable.Section section : SftKeys.TABLE.sections()) {
      out.append('\n').append(section.title()).append(":\n");
      for (Key<?> key : section.keys()) {
        out.append("  --").append(key.name()).append(' ').append(key.type().placeholder());
        if (key.required()) {
          out.append("  (required)");
        } else if (key.preset().isPresent()) {
          out.append("  [").append(key.presetText()).append(']');
        }
        out.append('\n');
        wrap(key.explanation() + also(key), Math.max(40, width) - 6)
            .forEach(line -> out.append("      ").append(line).append('\n'));
      }
    }
    return out.toString();
  }

  private static String also(Key<?> key) {
    return key.aliases().isEmpty()
        ? ""
        : " Also: " + key.aliases().stream().map(Alias::name).collect(Collectors.joining(", "));
  }

  /** The page of the documentation on recipes: how they are read, and every key in Markdown. */
  public static String page() {
    StringBuilder out =
        new StringBuilder(
            """
            # Configuration

            `hlotune sft [RECIPE.yaml] [--key value ...]` takes its keys from a recipe, a YAML file
            with one `key: value` a line, and from options. Every key is also an option, as
            `--key value` or `--key=value`, with underscores or dashes; one that is true or false
            can stand alone (`--packing`, `--no-packing`). A list or a mapping in a recipe is JSON in
            an option; a list of texts may also be separated by commas there. Keys with a dot, such
            as `mesh.data`, stand in a mapping in a recipe (`mesh: {data: 2, fsdp: 4}`) and are
            options of their own (`--mesh.fsdp 8`). An option goes over the recipe, the recipe over
            the default.

            Names and defaults are those of TRL's SFTConfig and transformers' TrainingArguments
            where those have the key. The spellings under "also read" are understood as well, and so
            are the keys of other systems ([coming from elsewhere](coming-from.md)). A key that is not
            known is an error, never ignored, and one that has no effect here is named; all problems
            of a recipe are reported at once, each with its line.

            A relative path is taken from the working directory; an input that a recipe names may
            also stand beside the recipe. `null` in a recipe means that the key is not set.
            `hlotune sft ... --dry-run` prints the configuration that would run, complete.

            A command ends with 0 when all was done, 1 after an error of hlotune itself, 2 for a
            wrong option or recipe, 3 for data, a tokenizer or a model that cannot be used, 4 for
            the device or its plugin, 5 for a file that cannot be read or written, 6 when the loss
            was no longer a number, 7 when a verification found a difference, 8 when a plan does not
            fit its devices, 130 after Ctrl-C and 143 after SIGTERM. An error is one line;
            `--verbose` adds its trace.

            This page is written by `hlotune keys --markdown`.
            """);
    for (KeyTable.Section section : SftKeys.TABLE.sections()) {
      out.append("\n## ").append(section.title()).append("\n\n");
      out.append("| key | takes | default | what it does | also read |\n");
      out.append("|---|---|---|---|---|\n");
      for (Key<?> key : section.keys()) {
        String preset = key.required() ? "required" : Markdown.code(key.presetText());
        String aliases =
            key.aliases().stream()
                .map(alias -> Markdown.code(alias.name()))
                .collect(Collectors.joining(" "));
        out.append(
            String.join(
                " | ",
                "| " + Markdown.code(key.name()),
                Markdown.cell(key.type().expectation()),
                preset,
                Markdown.cell(key.explanation()),
                aliases + " |\n"));
      }
    }
    return out.toString();
  }

  private static List<String> wrap(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
