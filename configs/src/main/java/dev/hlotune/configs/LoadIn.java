package dev.hlotune.configs;

/** In how many bits the weights of a model are held beside its adapters. */
public enum LoadIn {
  /** Eight, {@code load_in_8bit}. */
  INT8,
  /** Four, {@code load_in_4bit} with {@code nf4}. */
  NF4
}
