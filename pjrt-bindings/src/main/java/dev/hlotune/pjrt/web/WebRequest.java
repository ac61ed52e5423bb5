package dev.hlotune.pjrt.web;

import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is asked of a server.
 *
 * @param method {@code GET}, {@code HEAD} or {@code POST}
 * @param address where; a name and password in it are sent, not shown
 * @param headers sent wherever a redirect leads
 * @param own sent to the address's own host alone, and never to another that a redirect leads to:
 *     tokens belong here
 * @param away whether a redirect to another host is followed; without, it is the answer
 * @param body what is sent along; empty is nothing
 */
public record WebRequest(
    String method,
    URI address,
    Map<String, String> headers,
    Map<String, String> own,
    boolean away,
    Optional<byte[]> body) {

  /** Copies the maps. */
  public WebRequest {
    headers = Map.copyOf(headers);
    own = Map.copyOf(own);
  }

  /** Asks for what is at an address, wherever it is. */
  public static WebRequest get(URI address, Map<String, String> headers, Map<String, String> own) {
    return new WebRequest("GET", address, headers, own, true, Optional.empty());
  }

  /** Asks what the address's own host says of it. */
  public static WebRequest head(URI address, Map<String, String> headers, Map<String, String> own) {
    return new WebRequest("HEAD", address, headers, own, false, Optional.empty());
  }

  /** Sends these bytes to the address's own host. */
  public static WebRequest post(
      URI address, byte[] body, Map<String, String> headers, Map<String, String> own) {
    return new WebRequest("POST", address, headers, own, false, Optional.of(body));
  }

  /** The same with further headers. */
  WebRequest with(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(headers);
    all.putAll(more);
    return new WebRequest(method, address, all, own, away, body);
  }

  /** Leaves out what nobody should read. */
  @Override
  public String toString() {
    return method + " " + Web.withoutUser(address);
  }
}
