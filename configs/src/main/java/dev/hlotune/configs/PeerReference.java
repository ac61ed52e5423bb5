package dev.hlotune.configs;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the keys of other systems say here, on a terminal, as JSON and in the documentation. */
public final class PeerReference {
  private PeerReference() {}

  /** The keys of one system, each with what it says here and both defaults. */
  public static String text(Peer peer) {
    StringBuilder out = new StringBuilder();
    for (PeerKeys.Group group : PeerKeys.of(peer).groups()) {
      out.append(out.isEmpty() ? "" : "\n").append(group.title()).append(":\n");
      for (PeerKeys.Entry entry : group.keys()) {
        PeerRow row = PeerRow.of(entry);
        out.append("  %-34s  %s%s\n".formatted(row.name(), row.here(), presets(row)));
      }
    }
    return out.toString();
  }

  private static String presets(PeerRow row) {
    if (row.effect() == PeerRow.Effect.NONE) {
      return "";
    }
    String there = row.presetThere().orElse("");
    String here = row.presetHere().orElse("");
    if (sameNumber(there, here)) {
      return there.isEmpty() ? "" : "  [" + there + "]";
    }
    return "  [there %s%s]"
        .formatted(said(there), row.presetHere().isPresent() ? ", here " + here : "");
  }

  private static String said(String preset) {
    return preset.isEmpty() ? "none" : preset;
  }

  private static boolean sameNumber(String there, String here) {
    try {
      return RealNumber.decimal(there) == RealNumber.decimal(here);
    } catch (NumberFormatException e) {
      return there.equalsIgnoreCase(here);
    }
  }

  /** Every spelling that is not a key, for the end of {@code hlotune keys}. */
  public static String spellings() {
    StringBuilder out =
        new StringBuilder("\nOther spellings, of older releases and other systems:\n");
    for (PeerRow row : rows()) {
      out.append("  %-34s  %s\n".formatted(row.name(), row.here()));
    }
    return out.toString();
  }

  private static List<PeerRow> rows() {
    return Stream.concat(
            SftKeys.TABLE.keys().stream().flatMap(key -> key.aliases().stream()),
            SftKeys.TABLE.others().stream())
        .map(PeerRow::of)
        .toList();
  }

  /** All keys and all other spellings, as JSON. */
  public static String json() {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("keys", keys());
    plain.put("spellings", rows().stream().map(PeerRow::plain).toList());
    return JsonText.pretty(plain);
  }

  /** The keys of some systems, as JSON. */
  public static String json(List<Peer> peers) {
    List<Map<String, Object>> systems = new ArrayList<>();
    for (Peer peer : peers) {
      Map<String, Object> system = new LinkedHashMap<>();
      system.put("system", peer.spelled());
      List<Map<String, Object>> groups = new ArrayList<>();
      for (PeerKeys.Group group : PeerKeys.of(peer).groups()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("title", group.title());
        one.put("keys", group.keys().stream().map(PeerRow::of).map(PeerRow::plain).toList());
        groups.add(one);
      }
      system.put("groups", groups);
      systems.add(system);
    }
    return JsonText.pretty(systems.size() == 1 ? systems.getFirst() : systems);
  }

  private static List<Map<String, Object>> keys() {
    List<Map<String, Object>> keys = new ArrayList<>();
    for (KeyTable.Section section : SftKeys.TABLE.sections()) {
      for (Key<?> key : section.keys()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", key.name());
        one.put("section", section.title());
        one.put("takes", key.type().expectation());
        one.put("required", key.required());
        key.plainPreset().ifPresent(preset -> one.put("default", preset));
        one.put("explanation", key.explanation());
        keys.add(one);
      }
    }
    return keys;
  }

  /** A section of the page of the documentation: the tables of one system. */
  static String tables(Peer peer) {
    StringBuilder out = new StringBuilder();
    Map<String, Set<String>> idle = new LinkedHashMap<>();
    out.append("| there | here | default there | default here |\n|---|---|---|---|\n");
    for (PeerKeys.Group group : PeerKeys.of(peer).groups()) {
      for (PeerKeys.Entry entry : group.keys()) {
        PeerRow row = PeerRow.of(entry);
        if (row.effect() == PeerRow.Effect.NONE) {
          idle.computeIfAbsent(row.how(), _ -> new TreeSet<>()).add(row.name());
        } else {
          out.append(
              "| `%s` | %s | %s | %s |\n"
                  .formatted(
                      row.name(),
                      Markdown.cell(row.here().replace("'", "`")),
                      row.presetThere().map(Markdown::code).orElse(""),
                      row.presetHere().map(Markdown::code).orElse("")));
        }
      }
    }
    if (!idle.isEmpty()) {
      out.append("\nWithout effect here:\n\n| keys there | because |\n|---|---|\n");
      idle.forEach((reason, names) ->
          out.append(
              "| %s | %s |\n"
                  .formatted(
                      names.stream().map(Markdown::code).collect(Collectors.joining(" ")),
                      Markdown.cell(reason.replace("'", "`")))));
    }
    return out.toString();
  }
}
