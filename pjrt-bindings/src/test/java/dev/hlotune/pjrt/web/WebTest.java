package dev.hlotune.pjrt.web;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class WebTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.UTF_8);

  private final List<Duration> waits = new ArrayList<>();
  private final Patience patience =
      new Patience(
          4, Duration.ofMillis(1), Duration.ofMillis(3), Duration.ofSeconds(60), waits::add);

  private static Web web(Duration timeout) throws IOException {
    return new Web(new WebSettings(Optional.empty(), Optional.empty(), timeout), Map.of());
  }

  private static Web web() throws IOException {
    return web(Duration.ofSeconds(10));
  }

  private static void redirect(HttpExchange exchange, String location) throws IOException {
    exchange.getResponseHeaders().set("Location", location);
    exchange.getResponseHeaders().set("X-Seen", "redirect");
    LoopbackServer.answer(exchange, 302, HELLO);
  }

  @Test
  void aTokenStaysWithItsHost() throws Exception {
    try (LoopbackServer other =
            new LoopbackServer(exchange -> LoopbackServer.answer(exchange, 200, HELLO));
        LoopbackServer own =
            new LoopbackServer(exchange ->
                redirect(
                    exchange,
                    exchange.getRequestURI().getPath().equals("/a")
                        ? "/b"
                        : other.at("/c").toString()));
        Web web = web();
        WebAnswer answer =
            web.send(
                WebRequest.get(
                    own.at("/a"), Map.of("Accept", "x"), Map.of("Authorization", "Bearer t")))) {
      assertEquals("hello", answer.text());
      assertEquals(other.at("/c"), answer.address());
      assertEquals(Optional.of("redirect"), answer.firstHeader("X-Seen"));
      assertEquals(Optional.empty(), answer.header("X-Seen"));
      assertTrue(answer.redirected());
      assertEquals(
          List.of(
              "GET /a Authorization=Bearer t Accept=x", "GET /b Authorization=Bearer t Accept=x"),
          own.asked);
      assertEquals(List.of("GET /c Accept=x"), other.asked);
    }
  }

  @Test
  void aNameAndPasswordInAnAddressStayWithItsHost() throws Exception {
    try (LoopbackServer other =
            new LoopbackServer(exchange -> LoopbackServer.answer(exchange, 200, HELLO));
        LoopbackServer own =
            new LoopbackServer(exchange -> redirect(exchange, other.at("/c").toString()));
        Web web = web()) {
      URI address = URI.create(own.at("/a").toString().replace("://", "://user:word@"));
      WebRequest request = WebRequest.get(address, Map.of(), Map.of());
      assertFalse(request.toString().contains("word"), request::toString);
      web.send(request).close();
      assertEquals(List.of("GET /a Authorization=Basic dXNlcjp3b3Jk"), own.asked);
      assertEquals(List.of("GET /c"), other.asked);
    }
  }

  @Test
  void aHeadRequestEndsWhereTheHostSendsItAway() throws Exception {
    try (LoopbackServer own =
            new LoopbackServer(exchange ->
                redirect(
                    exchange,
                    exchange.getRequestURI().getPath().equals("/a")
                        ? "/b"
                        : "http://host.invalid/c"));
        Web web = web();
        WebAnswer answer = web.send(WebRequest.head(own.at("/a"), Map.of(), Map.of()))) {
      assertEquals(302, answer.status());
      assertEquals(List.of("HEAD /a", "HEAD /b"), own.asked);
    }
  }

  @Test
  void redirectsEndSomewhere() throws Exception {
    try (LoopbackServer own = new LoopbackServer(exchange -> redirect(exchange, "/again"));
        Web web = web()) {
      IOException e = assertThrows(IOException.class, () -> web.get(own.at("/"), Map.of()));
      assertEquals("more than 10 redirects", e.getMessage());
    }
  }

  @Test
  void aConnectionThatHasGoneSilentIsGivenUp() throws Exception {
    CountDownLatch end = new CountDownLatch(1);
    try (LoopbackServer own =
            new LoopbackServer(exchange -> {
              LoopbackServer.cut(exchange, 200, HELLO, 2);
              try {
                end.await();
              } catch (InterruptedException stop) {
                Thread.currentThread().interrupt();
              }
            });
        Web web = web(Duration.ofMillis(200));
        WebAnswer answer = web.get(own.at("/"), Map.of())) {
      IOException e = assertThrows(IOException.class, answer::text);
      assertEquals("no data for 0.2 s", e.getMessage());
      end.countDown();
    }
  }

  @Test
  void aBusyServerIsAskedAgainWhenItSays() throws Exception {
    AtomicInteger count = new AtomicInteger();
    try (LoopbackServer own =
            new LoopbackServer(exchange -> {
              switch (count.getAndIncrement()) {
                case 0 -> {
                  exchange.getResponseHeaders().set("Retry-After", "7");
                  LoopbackServer.answer(exchange, 429, HELLO);
                }
                case 1 -> {
                  exchange.getResponseHeaders().set("RateLimit", "\"api\";r=0;t=55");
                  exchange.getResponseHeaders().set("Retry-After", "7");
                  LoopbackServer.answer(exchange, 429, HELLO);
                }
                case 2 -> LoopbackServer.answer(exchange, 503, HELLO);
                default -> LoopbackServer.answer(exchange, 200, HELLO);
              }
            });
        Web web = web();
        WebAnswer answer = web.send(WebRequest.get(own.at("/"), Map.of(), Map.of()), patience)) {
      assertEquals(200, answer.status());
      assertEquals(
          List.of(Duration.ofSeconds(7), Duration.ofSeconds(55), Duration.ofMillis(3)), waits);
    }
  }

  @Test
  void aServerThatAsksForTooMuchIsNotWaitedFor() throws Exception {
    try (LoopbackServer own =
            new LoopbackServer(exchange -> {
              exchange.getResponseHeaders().set("Retry-After", "61");
              LoopbackServer.answer(exchange, 503, HELLO);
            });
        Web web = web();
        WebAnswer answer = web.send(WebRequest.get(own.at("/"), Map.of(), Map.of()), patience)) {
      assertEquals(503, answer.status());
      assertEquals(List.of(), waits);
    }
  }

  @Test
  void aMomentIsReadAsATimeToWait() throws Exception {
    try (LoopbackServer own =
            new LoopbackServer(exchange -> {
              exchange.getResponseHeaders().set("Retry-After", "Wed, 21 Oct 2015 07:28:00 GMT");
              LoopbackServer.answer(exchange, 503, HELLO);
            });
        Web web = web();
        WebAnswer answer = web.get(own.at("/"), Map.of())) {
      assertEquals(Optional.of(Duration.ZERO), Patience.asked(answer));
    }
  }

  @Test
  void aHostThatIsDownIsTriedAsOftenAsItIsSaid() throws Exception {
    int port;
    try (ServerSocket socket = new ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    URI nobody = URI.create("http://127.0.0.1:" + port + "/");
    try (Web web = web()) {
      IOException e =
          assertThrows(
              IOException.class,
              () -> web.send(WebRequest.get(nobody, Map.of(), Map.of()), patience));
      assertFalse(Web.reason(e).isBlank());
      assertEquals(3, waits.size());
    }
  }
}
