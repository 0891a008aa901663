package dev.tandem.harness.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.tandem.deploy.wiring.PlainModel;
import dev.tandem.deploy.wiring.UnsplitModel;

/** The arrows between the rooms, as DESIGN's section on rooms has them: they point down only. */
@AnalyzeClasses(packages = "dev.tandem", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    private static final String CONFIG = "dev.tandem.config..";
    private static final String CORE = "dev.tandem.core..";
    private static final String INFERENCE = "dev.tandem.inference..";
    private static final String ACTORS = "dev.tandem.actors..";
    private static final String DEPLOY = "dev.tandem.deploy..";
    private static final String HARNESS = "dev.tandem.harness..";

    private static final String PEKKO = "org.apache.pekko..";
    private static final String ONNX_RUNTIME = "ai.onnxruntime";
    private static final String TYPESAFE_CONFIG = "com.typesafe.config..";

    @ArchTest
    static final ArchRule arrowsPointDown = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("config")
            .definedBy(CONFIG)
            .layer("core")
            .definedBy(CORE)
            .layer("inference")
            .definedBy(INFERENCE)
            .layer("actors")
            .definedBy(ACTORS)
            .layer("deploy")
            .definedBy(DEPLOY)
            .layer("harness")
            .definedBy(HARNESS)
            .whereLayer("harness")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("deploy")
            .mayOnlyBeAccessedByLayers("harness")
            .whereLayer("actors")
            .mayOnlyBeAccessedByLayers("deploy", "harness")
            .whereLayer("inference")
            .mayOnlyBeAccessedByLayers("actors", "deploy", "harness")
            .whereLayer("config")
            .mayOnlyBeAccessedByLayers("actors", "deploy", "harness");

    @ArchTest
    static final ArchRule coreIsPlainJava = noClasses()
            .that()
            .resideInAPackage(CORE)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", "org.jspecify..", CORE);

    @ArchTest
    static final ArchRule configKnowsOnlyTypesafeConfig = noClasses()
            .that()
            .resideInAPackage(CONFIG)
            .should()
            .dependOnClassesThat()
            .resideOutsideOfPackages("java..", "org.jspecify..", CONFIG, TYPESAFE_CONFIG);

    @ArchTest
    static final ArchRule inferenceKnowsNoActors = noClasses()
            .that()
            .resideInAPackage(INFERENCE)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(PEKKO, TYPESAFE_CONFIG);

    /** The yardsticks must share no code with what they measure; number formats are the runtime's plain Java. */
    @ArchTest
    static final ArchRule onlyInferenceAndTheYardsticksTouchTheNativeRuntime = noClasses()
            .that()
            .resideOutsideOfPackage(INFERENCE)
            .and()
            .doNotBelongToAnyOf(UnsplitModel.class, PlainModel.class)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(ONNX_RUNTIME);

    @ArchTest
    static final ArchRule commandLineKnowsNoActorSystem = noClasses()
            .that()
            .resideInAPackage("dev.tandem.deploy.cli..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage(PEKKO);

    @ArchTest
    static final ArchRule topLevelClassesAreFinalOrMadeForExtension = classes()
            .that()
            .areTopLevelClasses()
            .and()
            .areNotInterfaces()
            .and()
            .areNotEnums()
            .and()
            .areNotAnonymousClasses()
            .and()
            .doNotHaveSimpleName("package-info")
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould()
            .haveModifier(JavaModifier.ABSTRACT);
}
