package dev.hlotune.configs;

import java.util.Optional;

/**
 * A setting as written.
 *
 * @param name the key as spelled, without dashes in front
 * @param text the value; empty where a recipe says null
 * @param origin where it stands
 */
record RawSetting(String name, Optional<String> text, Origin origin) {}
