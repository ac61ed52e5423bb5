package dev.hlotune.hlo.optim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DecayMaskTest {
  @ParameterizedTest
  @CsvSource({
    "transformer.wte.weight, true",
    "wpe.weight, true",
    "transformer.h.0.attn.c_attn.weight, true",
    "transformer.h.0.attn.c_attn.bias, false",
    "transformer.h.11.ln_1.weight, false",
    "transformer.ln_f.weight, false",
    "model.embed_tokens.weight, true",
    "model.layers.0.self_attn.q_proj.weight, true",
    "model.layers.0.self_attn.q_proj.bias, false",
    "model.layers.0.self_attn.q_norm.weight, false",
    "model.layers.0.input_layernorm.weight, false",
    "model.layers.0.post_attention_layernorm.weight, false",
    "model.norm.weight, false",
    "lm_head.weight, true",
    "model.layers.0.normal.weight, true",
  })
  void leavesOutBiasesAndNorms(String name, boolean decays) {
    assertEquals(decays, DecayMask.decays(name));
  }
}
