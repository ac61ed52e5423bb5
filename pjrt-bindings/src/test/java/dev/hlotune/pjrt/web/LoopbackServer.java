package dev.hlotune.pjrt.web;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A server of this machine that answers as it is told, and remembers what it was asked. */
final class LoopbackServer implements AutoCloseable {
  /** One line for each request: method, path, and the headers that matter here. */
  final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  LoopbackServer(HttpHandler handler) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    server.setExecutor(threads);
    server.createContext(
        "/",
        exchange -> {
          StringBuilder line = new StringBuilder(exchange.getRequestMethod());
          line.append(' ').append(exchange.getRequestURI());
          for (String name : List.of("Authorization", "Accept", "Range", "If-Range")) {
            String value = exchange.getRequestHeaders().getFirst(name);
            if (value != null) {
              line.append(' ').append(name).append('=').append(value);
            }
          }
          asked.add(line.toString());
          try (exchange) {
            handler.handle(exchange);
          }
        });
    server.start();
  }

  URI at(String path) {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + path);
  }

  static void answer(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  /** Announces more than comes, and breaks off. */
  static void cut(HttpExchange exchange, int status, byte[] body, int sent) throws IOException {
    exchange.sendResponseHeaders(status, body.length);
    exchange.getResponseBody().write(body, 0, sent);
    exchange.getResponseBody().flush();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
