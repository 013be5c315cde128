package org.keeplora.engine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.junit.jupiter.api.Test;
import org.keeplora.engine.internal.Internal;
import org.keeplora.testing.MainClasses;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/** The architecture and the dependencies of core. */
@AnalyzeClasses(packages = "org.keeplora", importOptions = MainClasses.class)
final class CoreArchitectureTest {
    @ArchTest
    static final ArchRule ENGINE_IMPORTS_NO_ROOM = noClasses()
            .that()
            .resideInAPackage("..engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("..method..", "..learner..");

    @ArchTest
    static final ArchRule METHOD_IMPORTS_ENGINE_ONLY = noClasses()
            .that()
            .resideInAPackage("..method..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("..learner..");

    @ArchTest
    static final ArchRule ONLY_THE_ENGINE_KNOWS_BLAS_AND_CUDA = noClasses()
            .that()
            .resideOutsideOfPackage("..engine..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco.openblas..", "org.bytedeco.cuda..");

    /** What an embedder meets. A type for this project's modules belongs into a package with {@link Internal}. */
    @ArchTest
    static void fewTypesArePublic(JavaClasses classes) {
        List<String> types = publicTypes(classes)
                .filter(JavaClass::isTopLevelClass)
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertTrue(types.size() <= 25, types.size() + " types are public, at most 25 may be: " + types);
    }

    /** Inherited members too: the superclass may be package-private. */
    @ArchTest
    static void publicSignaturesNameNoInternalType(JavaClasses classes) {
        List<String> internal = new ArrayList<>();
        publicTypes(classes).forEach(type -> Stream.of(
                        Stream.concat(type.getRawSuperclass().stream(), type.getRawInterfaces().stream())
                                .map(parent -> Map.entry(type.getName(), parent)),
                        type.getAllFields().stream()
                                .filter(CoreArchitectureTest::isVisible)
                                .flatMap(field -> mentions(field.getFullName(), field.getType())),
                        Stream.concat(type.getAllMethods().stream(), type.getConstructors().stream())
                                .filter(CoreArchitectureTest::isVisible)
                                .flatMap(CoreArchitectureTest::mentions))
                .flatMap(mentioned -> mentioned)
                .filter(mentioned -> isInternal(mentioned.getValue()))
                .forEach(mentioned -> internal.add(
                        mentioned.getKey() + " names " + mentioned.getValue().getName())));
        assertEquals(List.of(), internal);
    }

    private static Stream<JavaClass> publicTypes(JavaClasses classes) {
        return classes.stream().filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC) && !isInternal(type));
    }

    private static boolean isInternal(JavaClass type) {
        return type.getPackage().isAnnotatedWith(Internal.class);
    }

    private static boolean isVisible(JavaMember member) {
        return member.getModifiers().contains(JavaModifier.PUBLIC)
                || member.getModifiers().contains(JavaModifier.PROTECTED);
    }

    private static Stream<Map.Entry<String, JavaClass>> mentions(JavaCodeUnit unit) {
        return Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
                .flatMap(type -> mentions(unit.getFullName(), type));
    }

    private static Stream<Map.Entry<String, JavaClass>> mentions(String member, JavaType type) {
        return type.getAllInvolvedRawTypes().stream().map(raw -> Map.entry(member, raw));
    }

    /** All other dependencies are optional or for tests, so a project that depends on core gets no more. */
    @Test
    void dependentProjectsGetOnlyJavacppAndOpenblas() throws Exception {
        NodeList dependencies = (NodeList) XPathFactory.newInstance()
                .newXPath()
                .evaluate(
                        "/project/dependencies/dependency[not(optional = 'true') and not(scope = 'test')]"
                                + " | /project/profiles/profile/dependencies/dependency[not(optional = 'true')]",
                        DocumentBuilderFactory.newInstance()
                                .newDocumentBuilder()
                                .parse(new File("pom.xml")),
                        XPathConstants.NODESET);
        Set<String> reached = new TreeSet<>();
        for (int i = 0; i < dependencies.getLength(); i++) {
            Element dependency = (Element) dependencies.item(i);
            reached.add(dependency.getElementsByTagName("artifactId").item(0).getTextContent());
        }
        assertEquals(Set.of("javacpp", "openblas"), reached);
    }

    /**
     * A program that embeds core needs only javacpp and openblas on the class path. CUDA is then not
     * available, and the report says why.
     */
    @Test
    void allRoomsLoadWithOnlyJavacppAndOpenblas() throws IOException, ReflectiveOperationException {
        List<URL> embedding = new ArrayList<>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            String name = Path.of(entry).getFileName().toString();
            if (entry.endsWith(Path.of("core", "target", "classes").toString())
                    || name.startsWith("javacpp-")
                    || name.startsWith("openblas-")) {
                embedding.add(Path.of(entry).toUri().toURL());
            }
        }
        List<String> names = new ArrayList<>();
        try (URLClassLoader loader =
                new URLClassLoader(embedding.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
            Path classes = Path.of(Matrix.class.getResource("Matrix.class").getPath())
                    .getParent()
                    .getParent();
            for (String room : List.of("engine", "engine/internal", "learner", "method", "method/internal")) {
                try (Stream<Path> files = Files.list(classes.resolve(room))) {
                    files.map(file -> file.getFileName().toString())
                            .filter(file -> file.endsWith(".class") && !file.startsWith("package-info"))
                            .forEach(file -> names.add(
                                    "org.keeplora." + room.replace('/', '.') + "." + file.replace(".class", "")));
                }
            }
            for (String name : names) {
                try {
                    assertEquals(loader, Class.forName(name, true, loader).getClassLoader());
                } catch (NoClassDefFoundError e) {
                    assertTrue(e.getMessage().startsWith("org/bytedeco/cuda/"), e.getMessage());
                }
            }
            Class<?> linalg = loader.loadClass("org.keeplora.engine.Linalg");
            String reports = linalg.getMethod("backends").invoke(null).toString();
            assertTrue(reports.contains("org.bytedeco:cuda) are not on the class path"), reports);
        }
        assertTrue(names.size() > 30, "only found " + names);
    }

    /** A dependency of a megabyte is not worth a thought; native kernels come on top where the machine has nvcc. */
    @Test
    void theClassesOfCoreAreSmallerThanAMegabyte() throws IOException {
        Path classes = Path.of(Matrix.class.getResource("Matrix.class").getPath());
        try (Stream<Path> files = Files.walk(classes.getParent().getParent())) {
            long bytes = files.filter(file -> file.toString().endsWith(".class"))
                    .mapToLong(file -> file.toFile().length())
                    .sum();
            assertTrue(bytes > 0 && bytes < 1 << 20, bytes + " bytes");
        }
    }
}
