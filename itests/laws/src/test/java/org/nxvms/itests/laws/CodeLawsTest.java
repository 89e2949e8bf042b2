// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Laws about code: names, cycles, what contracts and drivers may use. */
@AnalyzeClasses(packages = "org.nxvms", importOptions = ImportOption.DoNotIncludeTests.class)
class CodeLawsTest {
    @ArchTest
    static final ArchRule noCyclesBetweenPackagesOfAKitOrBundle =
            slices().matching("org.nxvms.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule implementationsSayHowTheyDoIt = noClasses()
            .should()
            .haveSimpleNameEndingWith("Impl")
            .orShould()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper");

    @ArchTest
    static final ArchRule contractsUseTheJdkAndLowerContractsOnly = classes()
            .that()
            .resideInAnyPackage(
                    "org.nxvms.media", "org.nxvms.driver.spi", "org.nxvms.storage.spi", "org.nxvms.platform.api..")
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "java..",
                    "org.osgi.annotation..",
                    "org.nxvms.media",
                    "org.nxvms.driver.spi",
                    "org.nxvms.storage.spi",
                    "org.nxvms.platform.api..");

    @ArchTest
    static final ArchRule mediaIsTheLowestContract = noClasses()
            .that()
            .resideInAPackage("org.nxvms.media")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.nxvms.driver..", "org.nxvms.storage..", "org.nxvms.platform..");

    @ArchTest
    static final ArchRule theDataPlaneKnowsNoDriver = noClasses()
            .that()
            .resideInAnyPackage("org.nxvms.streamhub..", "org.nxvms.recorder..", "org.nxvms.archive..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.nxvms.driver..");

    @ArchTest
    static final ArchRule onlyPersistenceKnowsTheDatabase = noClasses()
            .that()
            .resideOutsideOfPackage("org.nxvms.persistence..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("javax.persistence..", "java.sql..", "javax.sql..");

    @ArchTest
    static final ArchRule theServerNeverLoadsFfmpeg = noClasses()
            .that()
            .resideOutsideOfPackages("org.nxvms.media.worker.child..", "org.nxvms.simulator..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.bytedeco..", "org.nxvms.media.worker.child..");

    @ArchTest
    static final ArchRule nobodyPrintsToTheConsole = noClasses()
            .that()
            .resideOutsideOfPackages("org.nxvms.simulator..", "org.nxvms.shell..")
            .should()
            .callMethod(Throwable.class, "printStackTrace")
            .orShould()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err");
}
