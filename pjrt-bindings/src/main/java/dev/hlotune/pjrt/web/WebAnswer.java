package dev.hlotune.pjrt.web;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

/** What a server answered. Closing it gives up what of its body was not read. */
public final class WebAnswer implements AutoCloseable {
  private final int status;
  private final URI address;
  private final List<HttpHeaders> headers;
  private final InputStream body;

  /**
   * An answer.
   *
   * @param headers those of each answer on the way, the last one's last
   */
  WebAnswer(int status, URI address, List<HttpHeaders> headers, InputStream body) {
    this.status = status;
    this.address = address;
    this.headers = List.copyOf(headers);
    this.body = body;
  }

  /** Its status, 200 where all went well. */
  public int status() {
    return status;
  }

  /** Where it came from, after all redirects. */
  public URI address() {
    return address;
  }

  /** A header of the answer itself. */
  public Optional<String> header(String name) {
    return headers.getLast().firstValue(name);
  }

  /** A header of the first answer on the way that has it, the redirects included. */
  public Optional<String> firstHeader(String name) {
    return headers.stream().flatMap(each -> each.firstValue(name).stream()).findFirst();
  }

  /** Whether it came by a redirect. */
  public boolean redirected() {
    return headers.size() > 1;
  }

  /** Its bytes, once. */
  public InputStream body() {
    return body;
  }

  /** Its bytes as text, once. */
  public String text() throws IOException {
    return new String(body.readAllBytes(), StandardCharsets.UTF_8);
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
