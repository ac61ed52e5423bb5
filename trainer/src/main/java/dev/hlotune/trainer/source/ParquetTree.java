package dev.hlotune.trainer.source;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.FloatNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.column.Dictionary;
import org.apache.parquet.format.LogicalType;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.io.api.RecordMaterializer;
import org.jspecify.annotations.Nullable;

/**
 * Builds the tree of each row from what the library tells of its columns. A column that is null is
 * kept as null; within structs, a field that is null is left out, because such files give every
 * struct of a column the same fields.
 */
final class ParquetTree extends RecordMaterializer<ObjectNode> {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  private final ParquetFile file;
  private final Struct root;
  private ObjectNode current = NODES.objectNode();
  private @Nullable String badColumn;
  private @Nullable String problem;

  /**
   * A builder for the rows of a file.
   *
   * @throws DataException if a column has a type that cannot be shown
   */
  ParquetTree(ParquetFile file, ParquetField schema) {
    this.file = file;
    this.root = new Struct(schema, "", node -> current = (ObjectNode) node, true);
  }

  @Override
  public ObjectNode getCurrentRecord() {
    return current;
  }

  @Override
  public GroupConverter getRootConverter() {
    return root;
  }

  /** Makes the row that was read last a record, good or bad. */
  RawRecord record(Origin origin, int size) {
    String found = problem;
    if (found == null) {
      return RawRecord.of(current, size, origin);
    }
    RawRecord bad = new BadRecord(badColumn, found, size, origin);
    problem = null;
    return bad;
  }

  private void note(String column, String what) {
    if (problem == null) {
      badColumn = column;
      problem = what;
    }
  }

  private Converter converter(ParquetField field, String path, Consumer<JsonNode> sink) {
    if (field.isList()) {
      return new Listing(field, path, sink);
    }
    if (field.isMap()) {
      return new Mapping(field, path, sink);
    }
    if (field.isGroup()) {
      if (field.children().isEmpty() || isVariant(field)) {
        throw file.broken(
            path,
            "expected text, numbers, dates, lists, structs or maps, got "
                + (isVariant(field) ? "a variant" : "an empty struct"));
      }
      return new Struct(field, path, sink, false);
    }
    return new Value(field, path, sink);
  }

  private static boolean isVariant(ParquetField field) {
    return field.is(LogicalType._Fields.VARIANT);
  }

  /** Fields by name. */
  private final class Struct extends GroupConverter {
    private final List<Converter> fields = new ArrayList<>();
    private final List<String> prepared = new ArrayList<>();
    private final List<Boolean> repeated = new ArrayList<>();
    private final Consumer<JsonNode> sink;
    private ObjectNode struct = NODES.objectNode();

    Struct(ParquetField group, String path, Consumer<JsonNode> sink, boolean isRoot) {
      this.sink = sink;
      for (ParquetField child : group.children()) {
        String name = child.name();
        String childPath = path.isEmpty() ? name : path + "." + name;
        if (group.children().stream().filter(other -> other.name().equals(name)).count() > 1) {
          throw file.broken(childPath, "expected one column of this name, got several");
        }
        if (child.isRepeated()) {
          fields.add(converter(child, childPath + "[]", node -> struct.withArray(name).add(node)));
        } else {
          fields.add(converter(child, childPath, node -> struct.set(name, node)));
        }
        if (isRoot || child.isRepeated()) {
          prepared.add(name);
          repeated.add(child.isRepeated());
        }
      }
    }

    @Override
    public Converter getConverter(int index) {
      return fields.get(index);
    }

    @Override
    public void start() {
      struct = NODES.objectNode();
      for (int i = 0; i < prepared.size(); i++) {
        struct.set(prepared.get(i), repeated.get(i) ? NODES.arrayNode() : NODES.nullNode());
      }
    }

    @Override
    public void end() {
      sink.accept(struct);
    }
  }

  /** A list, of two levels or three. */
  private final class Listing extends GroupConverter {
    private final Converter element;
    private final Consumer<JsonNode> sink;
    private ArrayNode list = NODES.arrayNode();

    Listing(ParquetField field, String path, Consumer<JsonNode> sink) {
      this.sink = sink;
      ParquetField repeated = field.children().getFirst();
      Consumer<JsonNode> add = node -> list.add(node);
      this.element =
          repeated.isElementOf(field)
              ? converter(repeated, path + "[]", add)
              : new Element(repeated.children().getFirst(), path + "[]", add);
    }

    @Override
    public Converter getConverter(int index) {
      return element;
    }

    @Override
    public void start() {
      list = NODES.arrayNode();
    }

    @Override
    public void end() {
      sink.accept(list);
    }
  }

  /** The group around an element, which may be null. */
  private final class Element extends GroupConverter {
    private final Converter value;
    private final Consumer<JsonNode> sink;
    private JsonNode found = NullNode.instance;

    Element(ParquetField field, String path, Consumer<JsonNode> sink) {
      this.sink = sink;
      this.value = converter(field, path, node -> found = node);
    }

    @Override
    public Converter getConverter(int index) {
      return value;
    }

    @Override
    public void start() {
      found = NullNode.instance;
    }

    @Override
    public void end() {
      sink.accept(found);
    }
  }

  /** A map, as an object whose names are its keys. */
  private final class Mapping extends GroupConverter {
    private final Pair pair;
    private final Consumer<JsonNode> sink;
    private ObjectNode map = NODES.objectNode();

    Mapping(ParquetField field, String path, Consumer<JsonNode> sink) {
      this.sink = sink;
      this.pair =
          new Pair(
              field.children().getFirst(),
              path,
              (key, value) -> {
                if (map.replace(key, value) != null) {
                  note(path, "expected distinct keys, got \"" + key + "\" twice");
                }
              });
    }

    @Override
    public Converter getConverter(int index) {
      return pair;
    }

    @Override
    public void start() {
      map = NODES.objectNode();
    }

    @Override
    public void end() {
      sink.accept(map);
    }
  }

  private interface PairSink {
    void accept(String key, JsonNode value);
  }

  private final class Pair extends GroupConverter {
    private final Converter[] parts;
    private final PairSink sink;
    private JsonNode key = NullNode.instance;
    private JsonNode value = NullNode.instance;

    Pair(ParquetField field, String path, PairSink sink) {
      this.sink = sink;
      this.parts =
          new Converter[] {
            converter(field.children().get(0), path + ".key", node -> key = node),
            converter(field.children().get(1), path + ".value", node -> value = node)
          };
    }

    @Override
    public Converter getConverter(int index) {
      return parts[index];
    }

    @Override
    public void start() {
      key = NullNode.instance;
      value = NullNode.instance;
    }

    @Override
    public void end() {
      sink.accept(key.isValueNode() ? key.asText() : key.toString(), value);
    }
  }

  /** A column of values. */
  private final class Value extends PrimitiveConverter {
    private final ParquetValue type;
    private final String path;
    private final Consumer<JsonNode> sink;
    private @Nullable Dictionary dictionary;
    private @Nullable JsonNode[] known = {};

    Value(ParquetField field, String path, Consumer<JsonNode> sink) {
      this.path = path;
      this.sink = sink;
      this.type =
          ParquetValue.of(field)
              .orElseThrow(() ->
                  file.broken(
                      path,
                      "expected text, numbers, dates, lists, structs or maps, got "
                          + field.label()));
    }

    private JsonNode decode(byte[] bytes) {
      try {
        return ((ParquetValue.Bytes) type).decoder().decode(bytes);
      } catch (RuntimeException e) {
        note(path, ParquetFile.firstLine(e));
        return NullNode.instance;
      }
    }

    @Override
    public boolean hasDictionarySupport() {
      return type instanceof ParquetValue.Bytes(_, boolean shared) && shared;
    }

    @Override
    public void setDictionary(Dictionary dictionary) {
      this.dictionary = dictionary;
      this.known = new JsonNode[dictionary.getMaxId() + 1];
    }

    @Override
    public void addValueFromDictionary(int id) {
      JsonNode node = known[id];
      if (node == null && dictionary != null) {
        node = decode(dictionary.decodeToBinary(id).getBytes());
        known[id] = node.isNull() ? null : node; // What is broken is told each time.
      }
      sink.accept(node == null ? NullNode.instance : node);
    }

    @Override
    public void addBinary(Binary value) {
      sink.accept(decode(value.getBytes()));
    }

    @Override
    public void addBoolean(boolean value) {
      sink.accept(BooleanNode.valueOf(value));
    }

    @Override
    public void addDouble(double value) {
      sink.accept(DoubleNode.valueOf(value));
    }

    @Override
    public void addFloat(float value) {
      sink.accept(FloatNode.valueOf(value));
    }

    @Override
    public void addInt(int value) {
      addLong(value);
    }

    @Override
    public void addLong(long value) {
      JsonNode node;
      try {
        node = ((ParquetValue.Whole) type).decoder().decode(value);
      } catch (RuntimeException e) {
        note(path, ParquetFile.firstLine(e));
        node = NullNode.instance;
      }
      sink.accept(node);
    }
  }
}
