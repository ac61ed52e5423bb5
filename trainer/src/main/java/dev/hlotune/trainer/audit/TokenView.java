package dev.hlotune.trainer.audit;

/**
 * A token as it is trained.
 *
 * @param position its place in the example, from 0
 * @param id its id
 * @param token as the vocabulary spells it
 * @param text the text that it adds; empty where a later token completes its character
 * @param weight its loss weight as a target
 * @param special whether it is a special token
 */
public record TokenView(
    int position, int id, String token, String text, float weight, boolean special) {
  /** Whether it carries loss. */
  public boolean supervised() {
    return weight != 0;
  }
}
