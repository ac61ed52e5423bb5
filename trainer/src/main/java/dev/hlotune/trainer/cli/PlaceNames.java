package dev.hlotune.trainer.cli;

import dev.hlotune.trainer.audit.AuditReport;
import dev.hlotune.trainer.audit.DataSetFacts;
import dev.hlotune.trainer.audit.Place;
import dev.hlotune.trainer.source.Origin;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Places as short as they are clear: a file by as much of the end of its path as no other file of a
 * report has.
 */
final class PlaceNames {
  /** Folders of a cache are named by digests, whose first digits are enough to tell them apart. */
  private static final Pattern DIGEST = Pattern.compile("([0-9a-f]{8})[0-9a-f]{56}");

  private final List<Path> files;

  private PlaceNames(List<Path> files) {
    this.files = files;
  }

  /** The names of all places of a report. */
  static PlaceNames of(AuditReport report) {
    Stream<Origin> found =
        report.findings().stream()
            .flatMap(finding -> finding.places().stream())
            .flatMap(place -> Stream.concat(Stream.of(place.at()), place.same().stream()));
    Stream<Origin> lost =
        Stream.concat(Stream.of(report.train()), report.heldOut().stream())
            .map(DataSetFacts::sources)
            .flatMap(List::stream)
            .map(facts -> facts.statistics().details())
            .flatMap(details ->
                Stream.concat(
                    details.truncated().stream(),
                    details.causes().stream().flatMap(cause -> cause.places().stream())));
    return new PlaceNames(Stream.concat(found, lost).map(Origin::path).distinct().toList());
  }

  /** The names of these places. */
  static PlaceNames among(List<Origin> places) {
    return new PlaceNames(places.stream().map(Origin::path).distinct().toList());
  }

  /** {@code train.jsonl:12}. */
  String of(Origin origin) {
    Path path = origin.path();
    for (int names = 1; names < path.getNameCount(); names++) {
      Path end = path.subpath(path.getNameCount() - names, path.getNameCount());
      if (files.stream().filter(file -> file.endsWith(end)).count() <= 1) {
        return DIGEST
            .matcher(new Origin(end, origin.number(), origin.unit()).toString())
            .replaceAll("$1…");
      }
    }
    return origin.toString();
  }

  /** {@code test.jsonl:7 = train.jsonl:12 (3 times)}. */
  String of(Place place) {
    return of(place.at())
        + place.same().map(same -> " = " + of(same)).orElse("")
        + (place.times() > 2 ? " (%s times)".formatted(Amounts.count(place.times())) : "");
  }
}
