package dev.hlotune.configs;

import java.util.List;
import java.util.stream.Stream;

/** Every spelling of another system that is not an alias of one key. */
final class OtherSpellings {
  private OtherSpellings() {}

  static final List<Alias> ALL =
      Stream.of(
              TransformersOthers.ALL,
              PeftOthers.ALL,
              DeviceOthers.ALL,
              NanochatOthers.ALL,
              EasydelOthers.ALL,
              TuftOthers.ALL,
              TrackerOthers.ALL)
          .flatMap(List::stream)
          .toList();
}
