package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BinaryNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.LogicalType._Fields;
import org.apache.parquet.format.TimeType;
import org.apache.parquet.format.TimestampType;
import org.apache.parquet.format.Type;

/** What the stored values of a column mean, from its physical type and its annotation. */
sealed interface ParquetValue {
  /** Makes a node of a number. */
  interface WholeDecoder {
    JsonNode decode(long value);
  }

  /** Makes a node of bytes, which it may keep. */
  interface BytesDecoder {
    JsonNode decode(byte[] value);
  }

  /** Values that are stored as int32 or int64. */
  record Whole(WholeDecoder decoder) implements ParquetValue {}

  /**
   * Values that are stored as bytes.
   *
   * @param shared whether nodes of equal values may be one: they cannot be changed
   */
  record Bytes(BytesDecoder decoder, boolean shared) implements ParquetValue {}

  /** Truth values and floating-point numbers, which mean what they are. */
  record Plain() implements ParquetValue {}

  /** The values of a column, or nothing where they cannot be shown. */
  static Optional<ParquetValue> of(ParquetField column) {
    return switch (column.element().getType()) {
      case BOOLEAN, FLOAT, DOUBLE -> Optional.of(new Plain());
      case INT32, INT64 -> whole(column).map(Whole::new);
      case BYTE_ARRAY, FIXED_LEN_BYTE_ARRAY -> bytes(column);
      case INT96 -> Optional.empty();
    };
  }

  private static Optional<WholeDecoder> whole(ParquetField column) {
    boolean isInt = column.element().getType() == Type.INT32;
    if (column.is(_Fields.DATE, ConvertedType.DATE)) {
      return Optional.of(ColumnValues::date);
    }
    if (column.is(_Fields.DECIMAL, ConvertedType.DECIMAL)) {
      int scale = column.scale();
      return Optional.of(value -> ColumnValues.decimal(BigInteger.valueOf(value), scale));
    }
    if (column.is(_Fields.TIMESTAMP)) {
      TimestampType type = column.element().getLogicalType().getTIMESTAMP();
      TimeUnit unit = unit(type.getUnit());
      ZoneOffset zone = type.isIsAdjustedToUTC() ? ZoneOffset.UTC : null;
      return Optional.of(value -> ColumnValues.timestamp(value, unit, zone));
    }
    if (column.is(_Fields.TIME)) {
      TimeType type = column.element().getLogicalType().getTIME();
      TimeUnit unit = unit(type.getUnit());
      return Optional.of(value -> ColumnValues.time(value, unit));
    }
    if (column.is(_Fields.INTEGER)) {
      boolean signed = column.element().getLogicalType().getINTEGER().isIsSigned();
      return Optional.of(integer(isInt, signed));
    }
    return switch (column.element().getConverted_type()) {
      case null ->
          column.isPlain() || column.is(_Fields.UNKNOWN)
              ? Optional.of(integer(isInt, true))
              : Optional.empty();
      case TIME_MILLIS -> Optional.of(value -> ColumnValues.time(value, TimeUnit.MILLISECONDS));
      case TIME_MICROS -> Optional.of(value -> ColumnValues.time(value, TimeUnit.MICROSECONDS));
      case TIMESTAMP_MILLIS -> Optional.of(moment(TimeUnit.MILLISECONDS));
      case TIMESTAMP_MICROS -> Optional.of(moment(TimeUnit.MICROSECONDS));
      case INT_8, INT_16, INT_32, INT_64 -> Optional.of(integer(isInt, true));
      case UINT_8, UINT_16, UINT_32, UINT_64 -> Optional.of(integer(isInt, false));
      default -> Optional.empty();
    };
  }

  private static WholeDecoder moment(TimeUnit unit) {
    return value -> ColumnValues.timestamp(value, unit, ZoneOffset.UTC);
  }

  private static WholeDecoder integer(boolean isInt, boolean signed) {
    if (signed) {
      return isInt ? value -> IntNode.valueOf((int) value) : LongNode::valueOf;
    }
    return isInt ? value -> LongNode.valueOf(value & 0xFFFF_FFFFL) : ColumnValues::unsigned;
  }

  private static TimeUnit unit(org.apache.parquet.format.TimeUnit unit) {
    return unit.isSetMILLIS()
        ? TimeUnit.MILLISECONDS
        : unit.isSetMICROS() ? TimeUnit.MICROSECONDS : TimeUnit.NANOSECONDS;
  }

  private static Optional<ParquetValue> bytes(ParquetField column) {
    if (column.is(_Fields.STRING, ConvertedType.UTF8)
        || column.is(_Fields.ENUM, ConvertedType.ENUM)) {
      return Optional.of(new Bytes(value -> TextNode.valueOf(ColumnValues.text(value)), true));
    }
    if (column.is(_Fields.JSON, ConvertedType.JSON)) {
      return Optional.of(new Bytes(JsonText::value, false));
    }
    if (column.is(_Fields.DECIMAL, ConvertedType.DECIMAL)) {
      int scale = column.scale();
      return Optional.of(
          new Bytes(value -> ColumnValues.decimal(new BigInteger(value), scale), true));
    }
    if (column.is(_Fields.UUID)) {
      return Optional.of(new Bytes(ColumnValues::uuid, true));
    }
    if (column.is(_Fields.FLOAT16)) {
      return Optional.of(new Bytes(ParquetValue::half, true));
    }
    return column.isPlain() || column.is(_Fields.UNKNOWN)
        ? Optional.of(new Bytes(BinaryNode::valueOf, true))
        : Optional.empty();
  }

  private static JsonNode half(byte[] value) {
    short bits = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN).getShort();
    return FloatNode.valueOf(Float.float16ToFloat(bits));
  }
}
