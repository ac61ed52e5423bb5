package dev.hlotune.trainer.data;

import dev.hlotune.trainer.jinja.JinjaTemplate;
import dev.hlotune.trainer.source.DataException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How a conversation becomes text: a Jinja template, as transformers has them, and the further
 * variables that it is given. Immutable.
 */
public final class ChatTemplate {
  /** The templates that come with hlotune. */
  public static final List<String> BUILT_IN =
      List.of("chatml", "guide", "nanochat", "llama-3", "zephyr", "mistral", "gemma", "qwen");

  /** Raised when the way from a template to text and spans changes. */
  private static final int VERSION = 2;

  private static final Pattern GENERATION =
      Pattern.compile("\\{%(?<before>[-+]?)\\s*(?<tag>(?:end)?generation)\\s*(?<after>[-+]?)%}");

  private final String name;
  private final String source;
  private final Map<String, Object> variables;
  private final JinjaTemplate compiled;

  private ChatTemplate(
      String name, String source, Map<String, Object> variables, JinjaTemplate compiled) {
    this.name = name;
    this.source = source;
    this.variables = Collections.unmodifiableMap(new LinkedHashMap<>(variables));
    this.compiled = compiled;
  }

  /**
   * A template from its source.
   *
   * @param name what to call it in messages
   * @throws DataException if it is no Jinja template, with the line
   */
  public static ChatTemplate of(String name, String source) {
    try {
      return new ChatTemplate(name, source, Map.of(), JinjaTemplate.compile(source));
    } catch (DataException e) {
      throw new DataException("chat template \"" + name + "\": " + e.getMessage());
    }
  }

  /**
   * A built-in template by name.
   *
   * @throws DataException if there is none of that name
   */
  public static ChatTemplate named(String name) {
    if (!BUILT_IN.contains(name)) {
      throw new DataException(
          "chat template: expected one of "
              + BUILT_IN.stream().map(known -> '"' + known + '"').toList()
              + ", got \""
              + name
              + '"');
    }
    try (InputStream in = ChatTemplate.class.getResourceAsStream("templates/" + name + ".jinja")) {
      if (in == null) {
        throw new IllegalStateException("chat template " + name + ": not among the resources");
      }
      return of(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new IllegalStateException("chat template " + name + ": " + e.getMessage(), e);
    }
  }

  /** The same template, given these variables besides ({@code chat_template_kwargs}). */
  public ChatTemplate with(Map<String, Object> more) {
    Map<String, Object> all = new LinkedHashMap<>(variables);
    all.putAll(more);
    return new ChatTemplate(name, source, all, compiled);
  }

  /** The name, as recipes give it, or where it came from. */
  public String name() {
    return name;
  }

  /** The Jinja source. */
  public String source() {
    return source;
  }

  /** The further variables. */
  Map<String, Object> variables() {
    return variables;
  }

  JinjaTemplate compiled() {
    return compiled;
  }

  /** What identifies the rendering: two templates with the same value render the same. */
  public String fingerprint() {
    return new Hash().add(VERSION).add(source).add(variables.toString()).hex();
  }

  /**
   * The source as it belongs beside a model: {@code {% generation %}}, which only training needs
   * and not every reader of templates knows, becomes a comment that trims the same white space.
   */
  public String portable() {
    return GENERATION.matcher(source).replaceAll("{#${before} ${tag} ${after}#}");
  }

  @Override
  public String toString() {
    return name;
  }
}
