package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How values of typed columns look in a tree. Dates and times are text as Python's {@code
 * isoformat} gives it.
 */
final class ColumnValues {
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter DATE_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss");
  private static final DateTimeFormatter OFFSET = DateTimeFormatter.ofPattern("xxx");

  private ColumnValues() {}

  /**
   * Text of UTF-8.
   *
   * @throws IllegalArgumentException if it is none
   */
  static String text(byte[] utf8, int offset, int length) {
    String text = new String(utf8, offset, length, StandardCharsets.UTF_8);
    // Invalid bytes become this character, which may also stand there by itself.
    if (text.indexOf('\uFFFD') >= 0) {
      try {
        StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(utf8, offset, length));
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("expected UTF-8, got invalid bytes", e);
      }
    }
    return text;
  }

  static String text(byte[] utf8) {
    return text(utf8, 0, utf8.length);
  }

  /** A number without sign from the 64 bits of one with sign. */
  static JsonNode unsigned(long bits) {
    return bits >= 0
        ? LongNode.valueOf(bits)
        : BigIntegerNode.valueOf(new BigInteger(Long.toUnsignedString(bits)));
  }

  static JsonNode decimal(BigInteger unscaled, int scale) {
    return DecimalNode.valueOf(new BigDecimal(unscaled, scale));
  }

  static JsonNode date(long days) {
    return TextNode.valueOf(LocalDate.ofEpochDay(days).toString());
  }

  static JsonNode time(long count, TimeUnit unit) {
    long nanos = Math.multiplyExact(count, unit.toNanos(1));
    return TextNode.valueOf(
        TIME.format(LocalTime.ofNanoOfDay(nanos)) + fraction(nanos % TimeUnit.SECONDS.toNanos(1)));
  }

  /**
   * A moment, or the time of a clock where the zone is null.
   *
   * @throws DateTimeException if it is out of range
   */
  static JsonNode timestamp(long count, TimeUnit unit, @Nullable ZoneId zone) {
    long parts = unit.convert(1, TimeUnit.SECONDS);
    long nanos = Math.floorMod(count, parts) * unit.toNanos(1);
    var time =
        Instant.ofEpochSecond(Math.floorDiv(count, parts), nanos)
            .atZone(zone == null ? ZoneOffset.UTC : zone);
    return TextNode.valueOf(
        DATE_TIME.format(time) + fraction(nanos) + (zone == null ? "" : OFFSET.format(time)));
  }

  private static String fraction(long nanos) {
    if (nanos == 0) {
      return "";
    }
    return nanos % 1_000 == 0 ? ".%06d".formatted(nanos / 1_000) : ".%09d".formatted(nanos);
  }

  static JsonNode uuid(byte[] bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    return TextNode.valueOf(new UUID(buffer.getLong(), buffer.getLong()).toString());
  }
}
