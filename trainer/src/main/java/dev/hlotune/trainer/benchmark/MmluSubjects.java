package dev.hlotune.trainer.benchmark;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The 57 subjects of MMLU (Hendrycks et al. 2021), each under one of four fields. */
final class MmluSubjects {
  static final String DATASET = "cais/mmlu";

  static final Map<String, List<String>> BY_FIELD = byField();

  private MmluSubjects() {}

  private static Map<String, List<String>> byField() {
    Map<String, List<String>> fields = new LinkedHashMap<>();
    fields.put(
        "stem",
        List.of(
            "abstract_algebra",
            "anatomy",
            "astronomy",
            "college_biology",
            "college_chemistry",
            "college_computer_science",
            "college_mathematics",
            "college_physics",
            "computer_security",
            "conceptual_physics",
            "electrical_engineering",
            "elementary_mathematics",
            "high_school_biology",
            "high_school_chemistry",
            "high_school_computer_science",
            "high_school_mathematics",
            "high_school_physics",
            "high_school_statistics",
            "machine_learning"));
    fields.put(
        "other",
        List.of(
            "business_ethics",
            "clinical_knowledge",
            "college_medicine",
            "global_facts",
            "human_aging",
            "management",
            "marketing",
            "medical_genetics",
            "miscellaneous",
            "nutrition",
            "professional_accounting",
            "professional_medicine",
            "virology"));
    fields.put(
        "social_sciences",
        List.of(
            "econometrics",
            "high_school_geography",
            "high_school_government_and_politics",
            "high_school_macroeconomics",
            "high_school_microeconomics",
            "high_school_psychology",
            "human_sexuality",
            "professional_psychology",
            "public_relations",
            "security_studies",
            "sociology",
            "us_foreign_policy"));
    fields.put(
        "humanities",
        List.of(
            "formal_logic",
            "high_school_european_history",
            "high_school_us_history",
            "high_school_world_history",
            "international_law",
            "jurisprudence",
            "logical_fallacies",
            "moral_disputes",
            "moral_scenarios",
            "philosophy",
            "prehistory",
            "professional_law",
            "world_religions"));
    return fields;
  }
}
