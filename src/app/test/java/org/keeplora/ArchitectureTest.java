package org.keeplora;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.keeplora.testing.MainClasses;

/** The rooms and the only arrows between them. */
@AnalyzeClasses(packages = "org.keeplora", importOptions = MainClasses.class)
final class ArchitectureTest {
    @ArchTest
    static final ArchRule ARROWS = layeredArchitecture()
            .consideringOnlyDependenciesInAnyPackage("org.keeplora..")
            .layer("engine")
            .definedBy("..engine..")
            .layer("learner")
            .definedBy("..learner..")
            .layer("torch")
            .definedBy("..torch..")
            .layer("store")
            .definedBy("..store..")
            .layer("data")
            .definedBy("..data..")
            .layer("drawn")
            .definedBy("..drawn..")
            .layer("report")
            .definedBy("..report..")
            .layer("distributed")
            .definedBy("..distributed..")
            .layer("method")
            .definedBy("..method..")
            .layer("clip")
            .definedBy("..clip..")
            .layer("train")
            .definedBy("..train..")
            .layer("cli")
            .definedBy("..cli..")
            .whereLayer("cli")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("train")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("method")
            .mayOnlyBeAccessedByLayers("learner", "torch", "train", "cli")
            .whereLayer("learner")
            .mayOnlyBeAccessedByLayers("torch", "train", "cli")
            .whereLayer("clip")
            .mayOnlyBeAccessedByLayers("train", "cli")
            .whereLayer("engine")
            .mayOnlyBeAccessedByLayers("method", "learner", "torch", "clip", "train", "cli")
            .whereLayer("torch")
            .mayOnlyBeAccessedByLayers("clip", "train", "cli")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("data", "report", "distributed", "clip", "train", "cli")
            .whereLayer("data")
            .mayOnlyBeAccessedByLayers("drawn", "clip", "train", "cli")
            .whereLayer("drawn")
            .mayOnlyBeAccessedByLayers("cli")
            .whereLayer("distributed")
            .mayOnlyBeAccessedByLayers("train", "cli")
            .whereLayer("report")
            .mayOnlyBeAccessedByLayers("train", "cli");

    @ArchTest
    static final ArchRule OPENCV = noClasses()
            .that()
            .resideOutsideOfPackage("..data..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco.opencv..");

    @ArchTest
    static final ArchRule TORCH = noClasses()
            .that()
            .resideOutsideOfPackages("..torch..", "..clip..", "..distributed..", "..train..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.bytedeco.pytorch..");

    @ArchTest
    static final ArchRule BLAS = noClasses()
            .that()
            .resideOutsideOfPackage("..engine..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.bytedeco.openblas..", "org.bytedeco.cuda..")
                    .and(not(type(CUstream_st.class)))); // what libtorch's stream is made of

    @ArchTest
    static final ArchRule NO_CYCLES =
            slices().matching("org.keeplora.(*)..").should().beFreeOfCycles();
}
