package dev.hlotune.pjrt.internal;

import dev.hlotune.pjrt.web.Web;
import dev.hlotune.pjrt.web.WebAnswer;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A project's page of a simple index (PEP 503 in HTML, PEP 691 in JSON), or any page of links. The
 * files themselves are often on another host, so the address of one is always taken from the page.
 */
public final class IndexPage {
  private static final String ACCEPT =
      "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2,"
          + " text/html;q=0.1";
  private static final Pattern HREF =
      Pattern.compile("<a\\s[^>]*?href\\s*=\\s*([\"'])(.*?)\\1", Pattern.CASE_INSENSITIVE);
  private static final Pattern JSON_URL =
      Pattern.compile("\"url\"\\s*:\\s*\"((?:[^\"\\\\]|\\\\.)*)\"");
  private static final Pattern JSON_ESCAPE = Pattern.compile("\\\\(u([0-9a-fA-F]{4})|.)");

  private IndexPage() {}

  /** The address of a project's page. */
  public static URI ofProject(String index, String project) {
    return URI.create((index.endsWith("/") ? index : index + "/") + project + "/");
  }

  /**
   * Reads a page and looks for a file.
   *
   * @return the file's address, if the page has it
   * @throws IOException if the page cannot be read; the message has its address and status
   */
  public static Optional<URI> find(Web web, URI page, String file)
      throws IOException, InterruptedException {
    try (WebAnswer answer = web.get(page, Map.of("Accept", ACCEPT))) {
      if (answer.status() != 200) {
        throw new IOException("status " + answer.status());
      }
      String text = answer.text();
      boolean json =
          answer.header("Content-Type").orElse("").contains("json")
              || text.stripLeading().startsWith("{");
      Optional<URI> found =
          json ? inJson(text, answer.address(), file) : inHtml(text, answer.address(), file);
      // A name and password of the index go to its own host and to no other.
      return found.map(address ->
          page.getRawUserInfo() != null && page.getHost().equals(address.getHost())
              ? URI.create(
                  address
                      .toString()
                      .replaceFirst(
                          "://", "://" + Matcher.quoteReplacement(page.getRawUserInfo()) + "@"))
              : address);
    }
  }

  static Optional<URI> inHtml(String text, URI page, String file) {
    Matcher link = HREF.matcher(text);
    while (link.find()) {
      Optional<URI> address = resolve(page, link.group(2).replace("&amp;", "&"), file);
      if (address.isPresent()) {
        return address;
      }
    }
    return Optional.empty();
  }

  static Optional<URI> inJson(String text, URI page, String file) {
    Matcher url = JSON_URL.matcher(text);
    while (url.find()) {
      String value =
          JSON_ESCAPE
              .matcher(url.group(1))
              .replaceAll(escape ->
                  Matcher.quoteReplacement(
                      escape.group(2) != null
                          ? String.valueOf((char) Integer.parseInt(escape.group(2), 16))
                          : escape.group(1)));
      Optional<URI> address = resolve(page, value, file);
      if (address.isPresent()) {
        return address;
      }
    }
    return Optional.empty();
  }

  /** The whole address of a link, if its last part is the file's name. */
  private static Optional<URI> resolve(URI page, String link, String file) {
    String address = link.split("#", 2)[0];
    String path = address.split("\\?", 2)[0];
    String name =
        URLDecoder.decode(
            path.substring(path.lastIndexOf('/') + 1).replace("+", "%2B"), StandardCharsets.UTF_8);
    return name.equals(file) ? Optional.of(page.resolve(address)) : Optional.empty();
  }
}
