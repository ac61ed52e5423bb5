package dev.hlotune.trainer;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.lang.foreign.Linker;
import java.lang.foreign.SymbolLookup;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the table of modules and packages: what lies where, and what may know what. */
class ArchitectureTest {
  /** Every package, under the module whose folder it lies in. */
  private static final Map<String, Set<String>> PACKAGES =
      Map.of(
          "pjrt-bindings", Set.of("pjrt", "pjrt.internal", "pjrt.gen", "pjrt.web"),
          "hlo-builder",
              Set.of(
                  "hlo",
                  "hlo.emit",
                  "hlo.grad",
                  "hlo.models",
                  "hlo.nn",
                  "hlo.optim",
                  "hlo.reference",
                  "hlo.symbolic"),
          "sharding", Set.of("sharding", "sharding.hosts"),
          "configs", Set.of("configs", "configs.quickstart"),
          "trainer",
              Set.of(
                  "trainer.adapter",
                  "trainer.archive",
                  "trainer.audit",
                  "trainer.checkpoint",
                  "trainer.bench",
                  "trainer.benchmark",
                  "trainer.cli",
                  "trainer.data",
                  "trainer.eval",
                  "trainer.export",
                  "trainer.generate",
                  "trainer.jinja",
                  "trainer.hub",
                  "trainer.jinja.python",
                  "trainer.jinja.syntax",
                  "trainer.loop",
                  "trainer.report",
                  "trainer.plan",
                  "trainer.plot",
                  "trainer.score",
                  "trainer.source",
                  "trainer.step",
                  "trainer.sweep",
                  "trainer.hardware",
                  "trainer.tasks",
                  "trainer.verify",
                  "trainer.watch"));

  private static final JavaClasses ALL = new ClassFileImporter().importPaths(classFolders());

  private static final String PJRT = "dev.hlotune.pjrt..";
  private static final String HLO = "dev.hlotune.hlo..";
  private static final String SHARDING = "dev.hlotune.sharding..";
  private static final String CONFIGS = "dev.hlotune.configs..";
  private static final String CLI = "dev.hlotune.trainer.cli..";
  private static final String GENERATED = "dev.hlotune.pjrt.gen..";
  private static final String JACKSON = "com.fasterxml.jackson..";

  /** Of the JDK's modules that anybody may use, the one whose name does not say so. */
  private static final String HTTP_SERVER = "com.sun.net.httpserver";

  private static final String JSPECIFY = "org.jspecify..";

  private static final Set<String> EXCEPTIONS =
      Set.of("ConfigException", "DataException", "PjrtException", "ShapeException");

  /** Written by hand: all but jextract's output. */
  private static final DescribedPredicate<JavaClass> OURS =
      not(resideInAPackage(GENERATED))
          .and(
              not(
                  DescribedPredicate.describe(
                      "module-info", c -> c.getName().equals("module-info"))));

  private static final DescribedPredicate<JavaClass> CONCRETE =
      OURS.and(
          DescribedPredicate.describe(
              "named classes",
              c -> !c.isInterface() && !c.isEnum() && !c.isAnonymousClass() && !inEnum(c)));

  private static DescribedPredicate<JavaClass> named(Set<String> names) {
    return DescribedPredicate.describe("named", c -> names.contains(c.getSimpleName()));
  }

  private static Path classFolder(String module) {
    Path root = Repository.root();
    Path build = root.resolve("trainer").relativize(testClasses().getParent());
    return root.resolve(module).resolve(build).resolve("classes");
  }

  private static Path testClasses() {
    try {
      return Path.of(
          ArchitectureTest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<Path> classFolders() {
    return PACKAGES.keySet().stream().sorted().map(ArchitectureTest::classFolder).toList();
  }

  /** The classes that lie in the folder of that module. */
  private static Stream<JavaClass> ofModule(String module) {
    URI folder = classFolder(module).toUri();
    return ALL.stream()
        .filter(c -> c.getSource().orElseThrow().getUri().toString().startsWith(folder.toString()));
  }

  private static boolean inEnum(JavaClass type) {
    return type.getRawSuperclass().map(JavaClass::isEnum).orElse(false);
  }

  @Test
  void everyModuleHoldsItsPackagesAndNoOthers() {
    assertAll(
        PACKAGES.entrySet().stream()
            .map(entry ->
                () -> {
                  Set<String> found =
                      ofModule(entry.getKey())
                          .filter(c -> !c.getPackageName().isEmpty())
                          .map(c -> c.getPackageName().replaceFirst("^dev\\.hlotune\\.", ""))
                          .collect(Collectors.toCollection(TreeSet::new));
                  assertEquals(new TreeSet<>(entry.getValue()), found, "in " + entry.getKey());
                }));
  }

  @Test
  void everyPackageIsNullMarked() {
    Set<String> unmarked =
        ALL.stream()
            .filter(OURS)
            .filter(c -> !c.getPackage().isAnnotatedWith("org.jspecify.annotations.NullMarked"))
            .map(JavaClass::getPackageName)
            .collect(Collectors.toCollection(TreeSet::new));
    assertTrue(unmarked.isEmpty(), () -> "packages without @NullMarked: " + unmarked);
  }

  @TestFactory
  Stream<DynamicTest> rules() {
    return Stream.of(
            classes()
                .that()
                .resideInAPackage(HLO)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                    HLO,
                    JSPECIFY,
                    "java.lang",
                    "java.lang.annotation",
                    "java.lang.invoke",
                    "java.lang.runtime",
                    "java.util..",
                    "java.math..",
                    "java.nio",
                    "java.nio.charset",
                    "java.text..")
                .as("hlo-builder is pure Java: no native code, no input or output"),
            classes()
                .that(resideInAPackage(PJRT))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(PJRT, JSPECIFY, "java..", "javax.net.ssl")
                .as("pjrt-bindings depends on the JDK alone"),
            classes()
                .that(resideInAPackage(SHARDING))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                    SHARDING, HLO, "dev.hlotune.pjrt", JSPECIFY, "java..", HTTP_SERVER)
                .as("sharding depends on hlo-builder and the handles of pjrt-bindings"),
            classes()
                .that(resideInAPackage(CONFIGS))
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(CONFIGS, JACKSON, JSPECIFY, "java..")
                .as("configs depends on Jackson alone"),
            slices()
                .matching("dev.hlotune.(**)")
                .should()
                .beFreeOfCycles()
                .as("packages are free of cycles"),
            noClasses()
                .that(not(resideInAPackage(CLI)))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.hlotune.trainer.cli..", "picocli.."))
                .as("nothing but the command line knows the command line"),
            noClasses()
                .that(OURS.and(not(resideInAPackage(PJRT))))
                .should()
                .dependOnClassesThat(resideInAnyPackage("dev.hlotune.pjrt.internal..", GENERATED))
                .as("the insides of pjrt-bindings stay inside"),
            noClasses()
                .that(not(resideInAPackage(PJRT)))
                .should()
                .dependOnClassesThat(
                    DescribedPredicate.describe(
                        "call native code",
                        c ->
                            c.isEquivalentTo(Linker.class) || c.isEquivalentTo(SymbolLookup.class)))
                .as("only pjrt-bindings calls native code of its own"),
            noClasses()
                .that(not(resideInAnyPackage("dev.hlotune.trainer.data..")))
                .should()
                .dependOnClassesThat(resideInAPackage("ai.djl.."))
                .as("only trainer.data knows the tokenizer library"),
            noClasses()
                .that(OURS.and(not(resideInAPackage(CLI))))
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .as("only trainer.cli prints and ends the virtual machine"),
            noClasses()
                .that(OURS)
                .should()
                .callMethodWhere(
                    DescribedPredicate.describe(
                        "print a stack trace",
                        call -> call.getTarget().getName().equals("printStackTrace")))
                .as("nobody prints a stack trace past the command line"),
            noClasses()
                .that(CONCRETE)
                .should()
                .haveModifier(JavaModifier.ABSTRACT)
                .as("there are no abstract bases"),
            classes()
                .that(CONCRETE)
                .should()
                .haveModifier(JavaModifier.FINAL)
                .as("classes are records or final"),
            noClasses()
                .that(OURS.and(not(named(EXCEPTIONS))))
                .should()
                .beAssignableTo(Throwable.class)
                .as("there are four exception types"),
            noClasses()
                .that(OURS.and(not(resideInAPackage(CLI))))
                .should()
                .dependOnClassesThat(
                    resideInAnyPackage(
                            "java.util.logging..", "sun..", "com.sun..", "jdk.internal..")
                        .and(not(resideInAPackage(HTTP_SERVER))))
                .as("logging goes through SLF4J, and nothing leans on the JDK's insides"))
        .map(rule -> DynamicTest.dynamicTest(rule.getDescription(), () -> check(rule)));
  }

  private static void check(ArchRule rule) {
    rule.check(ALL);
  }
}
