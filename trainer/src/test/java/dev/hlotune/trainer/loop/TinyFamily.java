package dev.hlotune.trainer.loop;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hlotune.trainer.Fixtures;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** A very small model of a family, as a directory with a tokenizer that has the family's tokens. */
enum TinyFamily {
  GPT2(
      """
      {"model_type": "gpt2", "vocab_size": 2112, "n_embd": 16, "n_layer": 1, "n_head": 2,
       "n_positions": 512}
      """,
      "",
      """
      {"bos_token": "<|endoftext|>", "eos_token": "<|endoftext|>"}
      """,
      ""),
  LLAMA(
      decoder("llama", 2),
      "<|begin_of_text|> <|end_of_text|> <|start_header_id|> <|end_header_id|> <|eot_id|>",
      """
      {"bos_token": "<|begin_of_text|>", "eos_token": "<|end_of_text|>"}
      """,
      ""),
  QWEN3(
      decoder("qwen3", 1),
      "<think> </think>",
      """
      {"eos_token": "<|im_end|>", "pad_token": "<|endoftext|>"}
      """,
      "trl/qwen3"),
  NANOCHAT(decoder("nanochat", 1), "", "{}", "");

  private final String config;
  private final String tokens;
  private final String roles;
  private final String template;

  /**
   * Names its parts.
   *
   * @param config of the model, in JSON
   * @param tokens special tokens beside those of the recorded tokenizer, with spaces between
   * @param roles of the tokenizer's tokens, in JSON
   * @param template the chat template that comes with the tokenizer, by its name in {@code
   *     templates/chat.json.gz}; blank where none does
   */
  TinyFamily(String config, String tokens, String roles, String template) {
    this.config = config;
    this.tokens = tokens;
    this.roles = roles;
    this.template = template;
  }

  private static String decoder(String type, int layers) {
    return """
    {"model_type": "%s", "vocab_size": 2112, "hidden_size": 16, "intermediate_size": 32,
     "num_hidden_layers": %d, "num_attention_heads": 2, "num_key_value_heads": 1, "head_dim": 8,
     "max_position_embeddings": 512, "initializer_range": 0.05, "tie_word_embeddings": false}
    """
        .formatted(type, layers);
  }

  /** The family of a {@code model_type}, or of a model of the hub that a recipe names. */
  static TinyFamily of(String name) {
    return switch (name) {
      case "gpt2", "openai-community/gpt2" -> GPT2;
      case "llama", "meta-llama/Llama-3.1-8B" -> LLAMA;
      case "qwen3", "Qwen/Qwen3-0.6B" -> QWEN3;
      case "nanochat" -> NANOCHAT;
      default ->
          throw new IllegalArgumentException(
              "family: expected one that has a tiny model, got '" + name + "'");
    };
  }

  /** Writes the directory, without weights. */
  Path write(Path directory) throws IOException {
    Files.createDirectories(directory);
    Files.writeString(directory.resolve("config.json"), config);
    JsonMapper mapper = new JsonMapper();
    ObjectNode tokenizer =
        (ObjectNode) mapper.readTree(Fixtures.text("data/tokenizer/tokenizer.json"));
    ArrayNode added = (ArrayNode) tokenizer.path("added_tokens");
    int next = tokenizer.path("model").path("vocab").size();
    for (String token : tokens.isEmpty() ? List.<String>of() : List.of(tokens.split(" "))) {
      added.add(((ObjectNode) added.path(0)).deepCopy().put("id", next++).put("content", token));
    }
    mapper.writeValue(directory.resolve("tokenizer.json").toFile(), tokenizer);
    Files.writeString(directory.resolve("tokenizer_config.json"), roles);
    if (!template.isEmpty()) {
      Files.writeString(directory.resolve("chat_template.jinja"), source(template));
    }
    return directory;
  }

  private static String source(String name) throws IOException {
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(Fixtures.path("templates/chat.json.gz")))) {
      for (JsonNode one : new JsonMapper().readTree(in).path("templates")) {
        if (one.path("name").asText().equals(name)) {
          return one.path("source").asText();
        }
      }
    }
    throw new IllegalArgumentException("template: expected a recorded one, got '" + name + "'");
  }
}
