package dev.hlotune.trainer.report;

import dev.hlotune.pjrt.web.Checksum;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** One page that needs nothing beside it, in light and dark. */
public final class Html {
  private Html() {}

  /** Text as it may stand in an element or in a quoted attribute. */
  public static String escaped(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char unit = text.charAt(i);
      switch (unit) {
        case '&' -> escaped.append("&amp;");
        case '<' -> escaped.append("&lt;");
        case '>' -> escaped.append("&gt;");
        case '"' -> escaped.append("&quot;");
        case '\'' -> escaped.append("&#39;");
        default -> escaped.append(unit);
      }
    }
    return escaped.toString();
  }

  /**
   * A page without a script, and whose policy lets the browser run none.
   *
   * @param title plain text
   * @param style CSS
   * @param body HTML
   */
  public static String page(String title, String style, String body) {
    return framed(title, "", style, body);
  }

  /**
   * A page. Its policy lets the browser run this script and nothing else: not even data that got
   * into the page as markup could do anything.
   *
   * @param title plain text
   * @param style CSS
   * @param body HTML
   * @param script JavaScript
   */
  public static String page(String title, String style, String body, String script) {
    return framed(
        title,
        "; script-src 'sha256-" + digest(script) + "'",
        style,
        body + "<script>" + script + "</script>\n");
  }

  private static String framed(String title, String scripts, String style, String body) {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'%s">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    %s</body>
    </html>
    """
        .formatted(scripts, escaped(title), style, body);
  }

  /**
   * A piece of a page that lies beside a class.
   *
   * @param beside the class
   */
  public static String resource(Class<?> beside, String name) {
    try (InputStream in = beside.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException(name + ": expected among the resources, got none");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(name + ": " + e.getMessage(), e);
    }
  }

  private static String digest(String script) {
    return Base64.getEncoder()
        .encodeToString(Checksum.sha256().digest(script.getBytes(StandardCharsets.UTF_8)));
  }
}
