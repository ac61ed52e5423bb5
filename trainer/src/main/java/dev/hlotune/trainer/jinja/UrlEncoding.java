package dev.hlotune.trainer.jinja;

import dev.hlotune.trainer.jinja.python.DictView;
import dev.hlotune.trainer.jinja.python.Iteration;
import dev.hlotune.trainer.jinja.python.Markup;
import dev.hlotune.trainer.jinja.python.Repr;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The filter {@code urlencode}. */
final class UrlEncoding {
  private UrlEncoding() {}

  /** A text as a part of an address; a dict, or pairs, as its query. */
  static String encode(@Nullable Object value) {
    if (value instanceof String || value instanceof Markup || !Iteration.accepts(value)) {
      return quote(Repr.str(value), "/");
    }
    Object pairs =
        value instanceof Map<?, ?> dict ? new DictView(DictView.Kind.ITEMS, dict) : value;
    List<String> parts = new ArrayList<>();
    for (Iterator<@Nullable Object> items = Iteration.of(pairs); items.hasNext(); ) {
      @Nullable Object[] pair = Iteration.unpack(items.next(), 2);
      parts.add(inQuery(pair[0]) + "=" + inQuery(pair[1]));
    }
    return String.join("&", parts);
  }

  private static String inQuery(@Nullable Object value) {
    return quote(Repr.str(value), "").replace("%20", "+");
  }

  private static String quote(String text, String safe) {
    StringBuilder out = new StringBuilder();
    for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (letter || "_.-~".indexOf(c) >= 0 || safe.indexOf(c) >= 0) {
        out.append(c);
      } else {
        out.append("%%%02X".formatted((int) c));
      }
    }
    return out.toString();
  }
}
