package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.web.Checksum;
import dev.hlotune.pjrt.web.Download;
import dev.hlotune.pjrt.web.Patience;
import dev.hlotune.pjrt.web.WantedFile;
import dev.hlotune.pjrt.web.Web;
import dev.hlotune.pjrt.web.WebRequest;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where one wheel may be had from: the links of pip's settings, then its indexes.
 *
 * @param environment variables by name, for proxies
 * @param settings pip's
 * @param project the project's name in an index
 * @param file the wheel's name
 * @param sha256 its digest
 * @param offline whether to ask no server
 */
public record WheelSource(
    Map<String, String> environment,
    PipSettings settings,
    String project,
    String file,
    String sha256,
    boolean offline) {
  /**
   * Gets it from the first place that has it.
   *
   * @param part receives it; may hold the beginning of it
   * @param tried receives a line on each place without success
   * @throws IOException if no place has it
   */
  public void fetch(Path part, Download.Listener listener, List<String> tried)
      throws IOException, InterruptedException {
    for (String link : settings.findLinks()) {
      if (!isWeb(link) && fromDirectory(link, part, tried)) {
        return;
      }
    }
    if (offline) {
      settings.findLinks().stream()
          .filter(WheelSource::isWeb)
          .forEach(link -> tried.add(shown(URI.create(link)) + ": not asked, offline"));
      settings
          .indexes()
          .forEach(index -> tried.add(shown(URI.create(index)) + ": not asked, offline"));
      throw new IOException("nothing found, offline");
    }
    try (Web web = new Web(settings.web(), environment)) {
      for (String link : settings.findLinks()) {
        if (isWeb(link) && fromPage(web, URI.create(link), part, listener, tried)) {
          return;
        }
      }
      for (String index : settings.indexes()) {
        if (fromPage(web, IndexPage.ofProject(index, project), part, listener, tried)) {
          return;
        }
      }
    }
    throw new IOException("nothing found");
  }

  /**
   * Asks the indexes whether they have it, and fetches nothing.
   *
   * @param answers receives a line on each index that was asked
   * @return whether one has it
   * @throws IOException if the client for them cannot be made
   */
  public boolean probe(List<String> answers) throws IOException, InterruptedException {
    boolean found = false;
    try (Web web = new Web(settings.web(), environment)) {
      for (String index : settings.indexes()) {
        URI page = IndexPage.ofProject(index, project);
        try {
          boolean here = IndexPage.find(web, page, file).isPresent();
          answers.add(shown(page) + (here ? ": has it" : ": no such file on it"));
          found |= here;
        } catch (IOException failure) {
          answers.add(shown(page) + ": " + Web.reason(failure));
        }
      }
    }
    return found;
  }

  private boolean fromDirectory(String link, Path part, List<String> tried) throws IOException {
    Path place = link.startsWith("file:") ? Path.of(URI.create(link)) : Path.of(link);
    Path wheel = Files.isDirectory(place) ? place.resolve(file) : place;
    if (!wheel.endsWith(file) || !Files.isRegularFile(wheel)) {
      tried.add("'" + place + "': no such file in it");
      return false;
    }
    Checksum actual = Checksum.of(Checksum.Kind.SHA256, wheel);
    if (!actual.equals(Checksum.sha256(sha256))) {
      tried.add("'" + wheel + "': expected " + Checksum.sha256(sha256) + ", got " + actual);
      return false;
    }
    Files.copy(wheel, part, StandardCopyOption.REPLACE_EXISTING);
    return true;
  }

  private boolean fromPage(
      Web web, URI page, Path part, Download.Listener listener, List<String> tried)
      throws InterruptedException {
    URI at = page;
    try {
      Optional<URI> address = IndexPage.find(web, page, file);
      if (address.isEmpty()) {
        tried.add(shown(page) + ": no such file on it");
        return false;
      }
      at = address.get();
      Download.fetch(
          web,
          new WantedFile(
              WebRequest.get(at, Map.of(), Map.of()),
              Checksum.sha256(sha256),
              -1,
              WantedFile.Refusal.status()),
          part,
          Patience.standard(),
          listener);
      return true;
    } catch (IOException failure) {
      tried.add(shown(at) + ": " + Web.reason(failure));
      return false;
    }
  }

  private static boolean isWeb(String link) {
    return link.startsWith("http://") || link.startsWith("https://");
  }

  private static String shown(URI address) {
    return Web.withoutUser(address).toString();
  }
}
