/**
 * Renders Hugging Face chat templates: a Jinja engine that gives the text that transformers gives.
 */
@NullMarked
package dev.hlotune.trainer.jinja;

import org.jspecify.annotations.NullMarked;
