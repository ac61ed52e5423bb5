package dev.hlotune.configs;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Every spelling of another system that is not an alias of one key. */
final class OtherSpellings {
  private OtherSpellings() {}

  /** The spellings beside some keys. */
  static List<Alias> beside(List<KeyTable.Section> sections) {
    Set<String> known =
        sections.stream()
            .flatMap(section -> section.keys().stream())
            .flatMap(key ->
                Stream.concat(Stream.of(key.name()), key.aliases().stream().map(Alias::name)))
            .collect(Collectors.toSet());
    return Stream.of(
            TransformersOthers.ALL,
            PeftOthers.ALL,
            DeviceOthers.ALL,
            NanochatOthers.ALL,
            EasydelOthers.ALL,
            TuftOthers.ALL,
            TrackerOthers.of(known))
        .flatMap(List::stream)
        .toList();
  }
}
