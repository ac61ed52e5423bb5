package dev.hlotune.pjrt.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A package index on the loopback interface with one wheel, which it hands out in parts. */
final class FakeIndex implements AutoCloseable {
  static final String FILE = "fake_pjrt-1.0+local-py3-none-any.whl";
  static final String LIBRARY = "fake_plugins/fake.so";

  /** A program beside it. */
  static final String TOOL = "fake/bin/tool";

  final byte[] wheel = wheel();
  final List<String> ranges = Collections.synchronizedList(new ArrayList<>());
  private final HttpServer server;
  private final boolean json;

  /** How many answers are cut off in the middle. */
  final AtomicInteger cuts = new AtomicInteger();

  FakeIndex(boolean json) {
    this.json = json;
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.createContext("/simple/fake-pjrt/", this::page);
    server.createContext("/files/", this::file);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/simple";
  }

  @Override
  public void close() {
    server.stop(0);
  }

  private void page(HttpExchange exchange) throws IOException {
    String text =
        json
            ? "{\"files\": [{\"filename\": \"other.whl\", \"url\": \"../../files/other.whl\"},"
                + " {\"filename\": \"x\", \"url\": \"..\\/..\\/files\\/fake_pjrt-1.0%2Blocal-py3-none-any.whl\"}]}"
            : "<html><body><a href=\"../../files/other.whl#sha256=00\">other.whl</a>\n"
                + "<a data-requires-python=\"&gt;=3\" href='../../files/fake_pjrt-1.0%2Blocal-py3-none-any.whl#sha256=11'>x</a>"
                + "</body></html>";
    exchange
        .getResponseHeaders()
        .set("Content-Type", json ? "application/vnd.pypi.simple.v1+json" : "text/html");
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(200, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private void file(HttpExchange exchange) throws IOException {
    String range = exchange.getRequestHeaders().getFirst("Range");
    ranges.add(range == null ? "all" : range);
    int from =
        range == null ? 0 : Integer.parseInt(range.substring("bytes=".length()).replace("-", ""));
    if (from >= wheel.length) {
      exchange.sendResponseHeaders(416, -1);
      exchange.close();
      return;
    }
    byte[] rest = Arrays.copyOfRange(wheel, from, wheel.length);
    if (range != null) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (wheel.length - 1) + "/" + wheel.length);
    }
    exchange.sendResponseHeaders(range == null ? 200 : 206, rest.length);
    if (cuts.getAndDecrement() > 0) {
      exchange.getResponseBody().write(rest, 0, rest.length / 2);
      exchange.getResponseBody().flush();
      // Closing with bytes outstanding breaks the connection off.
      exchange.close();
      return;
    }
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(rest);
    }
  }

  private static byte[] wheel() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setLevel(0);
      for (String name :
          List.of(LIBRARY, TOOL, "fake_plugins/__init__.py", "fake-1.0.dist-info/LICENSE.txt")) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.repeat(2000).getBytes(StandardCharsets.US_ASCII));
        zip.closeEntry();
      }
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return bytes.toByteArray();
  }
}
