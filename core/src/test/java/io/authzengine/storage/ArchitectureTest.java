package io.authzengine.storage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Holds the packages in the order in which they are explained: imports only go down. */
class ArchitectureTest {
    private static final String ROOT = "io.authzengine.storage";
    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(new ImportOption.DoNotIncludeJars())
            .withImportOption(location -> !location.contains("/simulation/"))
            .importPackages(ROOT);

    /** From top to bottom. The engine stands beside the front door: it implements it, and is reached by one factory. */
    private static final List<String> LAYERS = List.of(
            "",
            ".config",
            ".gate",
            ".source",
            ".trust",
            ".bundle",
            ".driver",
            ".diff",
            ".snapshot",
            ".parser",
            ".timing",
            ".error",
            ".policy");

    @TestFactory
    List<DynamicTest> importsOnlyGoDown() {
        return IntStream.range(1, LAYERS.size())
                .mapToObj(layer -> DynamicTest.dynamicTest(ROOT + LAYERS.get(layer), () -> {
                    String[] above = LAYERS.subList(0, layer).stream()
                            .map(name -> ROOT + name)
                            .toArray(String[]::new);
                    noClasses()
                            .that()
                            .resideInAPackage(ROOT + LAYERS.get(layer))
                            .should()
                            .dependOnClassesThat()
                            .resideInAnyPackage(above)
                            .orShould()
                            .dependOnClassesThat()
                            .resideInAPackage(ROOT + ".internal")
                            .check(CORE);
                }))
                .toList();
    }

    @Test
    void everyPackageHasItsPlaceInTheOrder() {
        Set<String> packages = CORE.stream()
                .map(type -> type.getPackageName().substring(ROOT.length()))
                .collect(Collectors.toSet());
        packages.remove(".internal");
        packages.remove(".internal.disk");

        assertThat(LAYERS).containsAll(packages);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CORE);
    }

    @Test
    void theEngineIsReachedThroughOneFactory() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".internal..")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + ".PolicyStoreBuilder")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + ".internal..")
                .check(CORE);
        classes()
                .that()
                .resideInAPackage(ROOT + ".internal")
                .and()
                .doNotHaveSimpleName("StoreFactory")
                .and()
                .doNotHaveSimpleName("package-info")
                .should()
                .notBePublic()
                .check(CORE);
    }

    @Test
    void librariesStayBehindTheApi() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + ".parser", ROOT + ".config")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.snakeyaml..", "com.fasterxml..")
                .check(CORE);
    }

    @Test
    void timeThreadsAndRandomNumbersAreHandedIn() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + ".driver.StorageContext")
                .and()
                .haveNameNotMatching(".*StorageContext\\$.*")
                .should()
                .callMethod(java.time.Instant.class, "now")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Math.class, "random")
                .orShould()
                .callConstructor(Thread.class, Runnable.class)
                .orShould()
                .callConstructor(Thread.class, Runnable.class, String.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class)
                .check(CORE);
    }
}
