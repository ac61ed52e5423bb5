/**
 * Run configurations as validated records, and how they are read.
 *
 * <p>A {@code Key} says everything about one key of a recipe: its name, type and bounds, preset,
 * explanation and other spellings. The keys of a kind of run stand in one {@code KeyTable}; all
 * else follows from it. {@code RecipeFile} reads YAML and {@code CommandLineSettings} reads options
 * into raw settings that remember their line or option; {@code Resolver} lays the options over the
 * recipe, understands other spellings and turns text into values; the records ({@link
 * dev.hlotune.configs.ModelConfig}, {@link dev.hlotune.configs.DataConfig} and so on) hold the
 * rules across keys in their compact constructors. Whatever is wrong anywhere on the way is a
 * {@link dev.hlotune.configs.Problem}; they are thrown together, as one {@link
 * dev.hlotune.configs.ConfigException}. {@link dev.hlotune.configs.SftRecipe#read} is the way in,
 * {@link dev.hlotune.configs.SftConfig#resolved} the way back to plain values, and {@link
 * dev.hlotune.configs.KeyReference} the table as help and documentation.
 *
 * <p>An {@code Alias} is a spelling of an older release or of another system, and its {@code
 * Meaning} what it says here: settings of keys, nothing, or what is done in any case. What systems
 * have beyond other names of single keys stands in {@code TransformersOthers}, {@code
 * EasydelOthers} and so on; {@code PeerKeys} holds it against the keys that their releases have,
 * which were recorded. {@code DeepSpeedFile} is a second source of settings, which must agree with
 * the recipe's, and {@code AccelerateFile} one that lies under it. Keys with a dot in their names
 * stand in a mapping in a recipe: {@code mesh.data} in {@code mesh}. {@link
 * dev.hlotune.configs.PeerReference} and {@link dev.hlotune.configs.PeerPage} print all of it.
 *
 * <p>A record made in code passes the same checks. Nothing here but {@code SftRecipe#read} touches
 * a file, and it reads only the recipe, a DeepSpeed file, and whether the inputs named are there.
 */
@NullMarked
package dev.hlotune.configs;

import org.jspecify.annotations.NullMarked;
