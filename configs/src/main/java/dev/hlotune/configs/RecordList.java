package dev.hlotune.configs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Records in order, each with keys of its own: a list of mappings in a recipe, a JSON list of
 * objects on the command line. A single mapping stands for a list of one.
 *
 * @param what one record in words, with its article, such as {@code a data set}
 * @param fields the keys of a record
 * @param reader makes a record of its settings; throws {@link ConfigException} where they do not go
 *     together or one is missing
 * @param writer puts the values of a record, the way back
 */
record RecordList<R>(
    String what, KeyTable fields, Function<Settings, R> reader, BiConsumer<R, Values> writer)
    implements KeyType<List<R>> {

  @Override
  public String placeholder() {
    return "JSON";
  }

  @Override
  public String expectation() {
    return "a list of mappings, each "
        + what
        + " with "
        + String.join(", ", fields.keys().stream().map(key -> "'" + key.name() + "'").toList());
  }

  @Override
  public boolean structured() {
    return true;
  }

  @Override
  public List<R> parse(String text) {
    return parse(text, Locator.UNSEEN);
  }

  @Override
  public List<R> parse(String text, Locator locator) {
    JsonNode all;
    try {
      all = JsonText.read(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          unexpected(text).getMessage() + ", which is not JSON: " + e.getMessage(), e);
    }
    List<JsonNode> nodes = new ArrayList<>();
    if (all.isArray()) {
      all.forEach(nodes::add);
    } else {
      nodes.add(all);
    }
    List<R> records = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < nodes.size(); i++) {
      List<String> own = new ArrayList<>();
      Map<Key<?>, Object> values = values(nodes.get(i), locator, own);
      if (own.isEmpty()) {
        try {
          records.add(reader.apply(new Settings(values, Map.of())));
        } catch (ConfigException e) {
          e.problems().forEach(problem -> own.add(problem.message()));
        }
      }
      for (String problem : own) {
        problems.add("entry " + (i + 1) + ": " + problem);
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    return List.copyOf(records);
  }

  private Map<Key<?>, Object> values(JsonNode node, Locator locator, List<String> problems) {
    Map<Key<?>, Object> values = new HashMap<>();
    if (!node.isObject()) {
      problems.add("expected " + what + " as a mapping, got " + JsonText.kind(node));
      return values;
    }
    for (Map.Entry<String, JsonNode> field : node.properties()) {
      String name = field.getKey();
      JsonNode value = field.getValue();
      KeyTable.Match match = fields.find(name).orElse(null);
      if (match == null) {
        problems.add(
            "'"
                + name
                + "': expected a known key, got an unknown one"
                + fields.nearest(name).map(near -> "; did you mean '" + near + "'?").orElse(""));
      } else if (value.isContainerNode() && !match.key().type().structured()) {
        problems.add("'" + name + "': expected one value, got " + JsonText.kind(value));
      } else if (!value.isNull()) {
        try {
          String text = value.isContainerNode() ? value.toString() : value.asText();
          List<Assignment> said =
              match
                  .alias()
                  .map(alias -> alias.read(text))
                  .orElse(List.of(Assignment.of(match.key().name(), text)));
          for (Assignment one : said) {
            Key<?> key = fields.find(one.key()).orElseThrow().key();
            if (values.put(key, key.type().parse(one.text().orElse(text), locator)) != null) {
              problems.add("'" + name + "': expected '" + key.name() + "' once, got it twice");
            }
          }
        } catch (IllegalArgumentException e) {
          problems.add("'" + name + "': " + e.getMessage());
        }
      }
    }
    for (Key<?> key : fields.keys()) {
      if (key.required() && !values.containsKey(key) && problems.isEmpty()) {
        problems.add("'" + key.name() + "': expected a value, got none");
      }
    }
    return values;
  }

  @Override
  public void check(List<R> value) {
    // A record holds its own bounds, in its constructor.
  }

  @Override
  public Object plain(List<R> value) {
    return value.stream().map(this::plainRecord).toList();
  }

  private Map<String, Object> plainRecord(R one) {
    Values values = new Values();
    writer.accept(one, values);
    return values.inOrderOf(fields);
  }
}
