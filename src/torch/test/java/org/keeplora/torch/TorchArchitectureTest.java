package org.keeplora.torch;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.type;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import org.bytedeco.cuda.cudart.CUstream_st;
import org.keeplora.testing.MainClasses;

/** The packages that torch may use. */
@AnalyzeClasses(packages = "org.keeplora", importOptions = MainClasses.class)
final class TorchArchitectureTest {
    @ArchTest
    static final ArchRule CORE_KNOWS_NO_TENSOR = noClasses()
            .that()
            .resideOutsideOfPackage("..torch..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco.pytorch..", "org.keeplora.torch..");

    @ArchTest
    static final ArchRule TORCH_LEAVES_BLAS_AND_CUDA_TO_THE_ENGINE = noClasses()
            .that()
            .resideInAPackage("..torch..")
            .should()
            .dependOnClassesThat(resideInAnyPackage("org.bytedeco.openblas..", "org.bytedeco.cuda..")
                    .and(not(type(CUstream_st.class)))); // the type of libtorch's stream
}
