package dev.hlotune.configs;

/** The page of the documentation for those who come from another system. */
public final class PeerPage {
  private PeerPage() {}

  private static final String HEAD =
      """
      # Coming from elsewhere

      `hlotune sft` understands the keys and options of TRL and transformers, EasyDeL, nanochat and
      TuFT's guide, and a DeepSpeed configuration. A command line of theirs runs with the program's
      name changed. What their keys say here is one table; this page and `hlotune keys` are printed
      from it, and the tests go through every key that their releases have.

      Each key is one of four things:

      - **A key here**, or another spelling of one. A line before the run says what it is read as.
      - **Without effect.** Whatever it says, the result is the same: how a data loader is pinned,
        which kernel computes attention. All of these are named once, in one line.
      - **What is done here in any case.** The value that asks for it is fine, another one is an
        error that says why.
      - **Unknown.** An error, with the nearest known spelling.

      What is not said has the default of hlotune. Those are TRL's where TRL has the key; where
      another system's differs, the tables below show both. Two spellings of one key may stand
      beside each other if they say the same. `hlotune keys --from NAME` prints a table on the
      terminal, with `--json` for programs. `--dry-run` shows what a command line comes to.

      Some spellings mean one thing in one system and something else in the next: `eval_steps` is an
      interval, but beside nanochat's `eval_every` it is how many batches are measured. They are
      read as their system means them where one of its other options stands beside them.

      What they say of devices is a mesh and a strategy here ([Devices](configuration.md#devices)).
      Launchers start a process for each device; here one process has all devices of its machine. So
      `accelerate launch --num_processes 8`, `torchrun --nproc_per_node 8` and `deepspeed --num_gpus 8`
      are `num_devices: 8`, and their machines, ranks and addresses are `num_processes`, `process_id`
      and `coordinator_address`. `num_processes` is the key of this name where `coordinator_address`
      stands beside it, as JAX has both. Devices whose use nothing else says share batches: `ddp`.

      | there | here |
      |---|---|
      | ZeRO's `stage` 0, 1, 2, 3 | `sharding_strategy` `ddp`, `zero1`, `zero2`, `zero3` |
      | `offload_optimizer` with `device` cpu | `offload_optimizer: host` |
      | `fsdp: full_shard`, `true`, `reshard_after_forward: true` | `zero3` |
      | `fsdp: shard_grad_op`, `reshard_after_forward: false` | `zero2` |
      | `fsdp: no_shard` | `ddp` |
      | `fsdp: hybrid_shard` | `zero3` with `mesh.data` as many as machines |
      | `parallelism_config`: `dp_replicate_size`, `dp_shard_size`, `tp_size`, `cp_size` or `sp_size` | `mesh.data`, `mesh.fsdp`, `mesh.tensor`, `mesh.sequence` |
      | `sharding_axis_dims: (dp, fsdp, ep, tp, sp)` | `mesh.data`, `mesh.fsdp`, 1, `mesh.tensor`, `mesh.sequence` |

      Refused, with the reason: weights that are moved to the host or to a disk, expert and pipeline
      parallelism, quantized communication, and gradients split within a machine alone.

      This page is written by `hlotune keys --from all --markdown`.
      """;

  private static String intro(Peer peer) {
    return switch (peer) {
      case TRL ->
          """
          `trl sft` takes a YAML file by `--config`, and so does `hlotune sft`, where the file may
          also stand alone. The values of a script's `SFTConfig(...)`, `ModelConfig` and PEFT's
          `LoraConfig` are the lines of such a file. Both spellings of what was renamed are read:
          `max_seq_length` and `max_length`, `evaluation_strategy` and `eval_strategy`,
          `warmup_ratio`, `no_cuda`.

          ```sh
          ./hlotune sft --model_name_or_path Qwen/Qwen3-0.6B --dataset_name trl-lib/Capybara \\
            --learning_rate 2.0e-5 --num_train_epochs 1 --packing --per_device_train_batch_size 2 \\
            --gradient_accumulation_steps 8 --eos_token '<|im_end|>' --eval_strategy no \\
            --output_dir Qwen3-0.6B-SFT
          ./hlotune sft --model_name_or_path openai-community/gpt2 --chat_template guide \\
            --dataset_name databricks/databricks-dolly-15k --test_size 0.05 --max_seq_length 512 \\
            --per_device_train_batch_size 4 --gradient_accumulation_steps 8 --optim adamw_torch \\
            --learning_rate 2e-5 --lr_scheduler_type cosine --warmup_ratio 0.1 --weight_decay 0.01 \\
            --max_grad_norm 1.0 --bf16 --gradient_checkpointing --logging_steps 10 \\
            --logging_first_step True --evaluation_strategy steps --eval_steps 200 \\
            --save_strategy steps --save_steps 500 --save_total_limit 3 \\
            --dataloader_num_workers 4 --seed 42 --output_dir gpt2-sft
          ./hlotune sft --model_name_or_path openai-community/gpt2 --chat_template guide \\
            --dataset_name databricks/databricks-dolly-15k --use_peft --lora_r 16 --lora_alpha 32 \\
            --lora_dropout 0.1 --lora_target_modules c_attn c_proj --learning_rate 5e-4 \\
            --logging_steps 1 --save_steps 10 --save_total_limit 1 --fp16 --output_dir gpt2-lora
          ```

          What differs: conversations are trained on the assistant's words, as with TRL's
          `assistant_only_loss`; with `--assistant_only_loss False` on all of them, and of a prompt and
          its completion on the completion, as TRL does without it. `gradient_checkpointing` is off unless asked for. Attention never reaches from
          one packed record to the next. Launchers' options (`accelerate launch --num_processes 4`)
          may stand among the others; `--config_file` names accelerate's file, whose keys lie under
          the recipe's.
          """;
      case EASYDEL ->
          """
          The command line is that of `easydel.scripts.finetune.sft`, which earlier releases had;
          the fields of 0.3's `SFTConfig` are keys too.

          ```sh
          ./hlotune sft --repo_id meta-llama/Llama-3.1-8B-Instruct --dataset_name trl-lib/Capybara \\
            --dataset_split "train[:10%]" --dataset_text_field messages --attn_mechanism vanilla \\
            --max_sequence_length 2048 --packing True --total_batch_size 16 --learning_rate 2e-5 \\
            --learning_rate_end 5e-6 --num_train_epochs 3 --weight_decay 0.01 --warmup_steps 500 \\
            --do_last_save --save_steps 1000 --use_wandb
          ```

          What differs: `total_batch_size` is the rows of one micro-batch on all devices, of which
          `gradient_accumulation_steps` make an update, as there. Without a `scheduler` the rate
          falls in a straight line, to `learning_rate_end` where it is given; EasyDeL's stays.
          Conversations are trained on the assistant's words, EasyDeL's on all tokens.
          `dataset_text_field` may name a column of messages. EasyDeL's mesh is `1,-1,1,1,1` where
          none is said, weights split over all devices; here a run is on one device then.
          """;
      case NANOCHAT ->
          """
          Options of `scripts.chat_sft`, with underscores or dashes. Where no recipe and no data
          are named, `configs/nanochat-sft.yaml` is taken: nanochat's mixture, its rates and its
          optimizer.

          ```sh
          ./hlotune sft configs/nanochat-sft.yaml --model_tag=d4 --num_iterations=10 \\
            --device_batch_size=1 --target_examples_per_step=4 --eval_every=5 --eval_steps=10 \\
            --eval_metrics_every=5 --eval_metrics_max_problems=2
          ```

          `model_tag` is looked for as nanochat looks for it: `mid_checkpoints/d4` (`base_`,
          `chatsft_` by `--source`) under `$NANOCHAT_BASE_DIR` or `~/.cache/nanochat`. It has to
          hold a model in Hugging Face's form, with a tokenizer.json in it or in `tokenizer`;
          `tools/nanochat/convert_checkpoint.py` and `train_tokenizer.py` make both of nanochat's
          own files, which are pickles and are not read. Where nothing is there and the recipe's own
          model has the tag's name, as `configs/nanochat/d4` has, that is trained: from random
          weights, as the run says. In any other case the run ends and says what to name.

          What differs: rows are packed, so `device_batch_size` counts rows of `max_length`; with
          `--no-packing` it counts conversations, as there. `eval_metrics_every` has no effect:
          `hlotune eval` measures tasks when the model is there. nanochat's models of 11 January
          2026 and later are not known, and neither is that a `total_batch_size` counts tokens.
          """;
      case DEEPSPEED ->
          """
          `--deepspeed ds_config.json` (also `deepspeed_config_file`, and in a recipe the mapping
          itself) is read key by key. What means something is taken; `"auto"` leaves it to the other
          keys. Where another key says something else, in whichever place, it is an error, as it is
          in transformers. ZeRO's stages are strategies, over all devices that there are; the sizes of
          its buckets and what it prefetches have no effect, and one line says so.

          ```sh
          ./hlotune sft configs/gpt2-lora.yaml --dtype null --deepspeed ds_config.json
          ```

          with `{"zero_optimization": {"stage": 2}, "fp16": {"enabled": true}}` in the file trains in
          float16, with the optimizer's state and summed gradients split. `train_batch_size` is the
          product of rows, micro-batches and devices, of which one may be left out. Its schedules are `constant_with_warmup`, `linear` and `cosine`, with the warm-up
          along a logarithm that DeepSpeed has unless `warmup_type` is `linear`; DeepSpeed takes each
          rate one update later.
          """;
      case TUFT ->
          """
          The names of TuFT's guide and of its script, in capitals or not. Its server trains
          adapters and nothing else, so a `lora_rank` beside them means `use_peft`, with
          `lora_alpha` twice the rank, no dropout, adapters of attention, MLP and head, and the one
          rate that its loop has.

          ```sh
          ./hlotune sft --base-model Qwen/Qwen3-4B-Instruct-2507 --dataset no_robots --lora-rank 16 \\
            --num-steps 50 --batch-size 16 --learning-rate 1e-4 --max-length 512 --seed 42
          ```

          What differs: the guide gives weight to the header of an assistant's turn as well; here
          its words and the token that ends them are learned.
          """;
    };
  }

  /** What the page says of one system, in Markdown. */
  public static String section(Peer peer) {
    return "## " + peer.title() + "\n\n" + intro(peer) + "\n" + PeerReference.tables(peer);
  }

  /** The page, in Markdown. */
  public static String page() {
    StringBuilder out = new StringBuilder(HEAD);
    for (Peer peer : Peer.values()) {
      out.append('\n').append(section(peer));
    }
    return out.toString();
  }
}
