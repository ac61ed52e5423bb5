/**
 * Low-rank adapters as PEFT has them: what they train, their directories, and merging.
 *
 * <p>An {@link dev.hlotune.trainer.adapter.AdapterConfig} says what PEFT's {@code LoraConfig} says;
 * its {@link dev.hlotune.trainer.adapter.TargetModules} choose among the linear layers of a model.
 * Together with a model it makes an {@link dev.hlotune.trainer.adapter.AdaptedModel}, which knows
 * what is trained, under which names it is in files, and the line that PEFT prints of it. {@link
 * dev.hlotune.trainer.adapter.AdapterDirectory} reads and writes {@code adapter_config.json} and
 * {@code adapter_model.safetensors}; {@link dev.hlotune.trainer.adapter.Merging} adds an adapter to
 * the weights of its base.
 */
@NullMarked
package dev.hlotune.trainer.adapter;

import org.jspecify.annotations.NullMarked;
