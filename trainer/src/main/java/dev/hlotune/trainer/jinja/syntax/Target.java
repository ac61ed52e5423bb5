package dev.hlotune.trainer.jinja.syntax;

import java.util.List;

/** What can be assigned to. */
public sealed interface Target extends Node {
  /**
   * A name.
   *
   * @param name the name
   * @param line its line
   */
  record Variable(String name, int line) implements Target {
    @Override
    public List<Node> children() {
      return List.of();
    }
  }

  /**
   * Several targets, to which the items of a value go.
   *
   * @param items the targets
   */
  record Unpacked(List<Target> items) implements Target {
    @Override
    public List<Node> children() {
      return List.copyOf(items);
    }
  }

  /**
   * An attribute of a namespace.
   *
   * @param name the name of the namespace
   * @param attribute the attribute
   */
  record Member(String name, String attribute) implements Target {
    @Override
    public List<Node> children() {
      return List.of();
    }
  }
}
