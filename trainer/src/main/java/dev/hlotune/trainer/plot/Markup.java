package dev.hlotune.trainer.plot;

/** Text in SVG and HTML. */
public final class Markup {
  private Markup() {}

  /** Text as it may stand in an element or in a quoted attribute. */
  public static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
