package dev.hlotune.configs;

/** A system whose keys are understood. */
public enum Peer implements Spelled {
  /** TRL's SFTTrainer with transformers, and their launchers. */
  TRL("trl transformers huggingface hf", "TRL and transformers"),
  /** EasyDeL's SFTTrainer. */
  EASYDEL("easydel", "EasyDeL"),
  /** nanochat's chat_sft. */
  NANOCHAT("nanochat", "nanochat"),
  /** A configuration file of DeepSpeed. */
  DEEPSPEED("deepspeed", "DeepSpeed"),
  /** TuFT's guide to supervised fine-tuning. */
  TUFT("tuft tinker", "TuFT");

  private final String spellings;
  private final String title;

  Peer(String spellings, String title) {
    this.spellings = spellings;
    this.title = title;
  }

  @Override
  public String spellings() {
    return spellings;
  }

  /** Its name as its makers write it. */
  public String title() {
    return title;
  }
}
