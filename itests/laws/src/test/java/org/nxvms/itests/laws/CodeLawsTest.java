// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** Laws about code: names, cycles, what contracts and drivers may use. */
@AnalyzeClasses(packages = "org.nxvms", importOptions = ImportOption.DoNotIncludeTests.class)
class CodeLawsTest {
    private static final String REQUIRES = "org.nxvms.rest.kit.jaxrs.Requires";
    private static final String OPEN = "org.nxvms.rest.kit.jaxrs.Open";
    private static final List<String> HTTP_METHODS = Stream.of(
                    "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
            .map("javax.ws.rs."::concat)
            .toList();

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

    /** {@code RestApplication} refuses to start with one that does not, but only who starts it would see that. */
    @ArchTest
    static final ArchRule everyEndpointSaysWhatRightItNeeds = methods()
            .that(new DescribedPredicate<JavaMethod>("answer HTTP requests") {
                @Override
                public boolean test(JavaMethod method) {
                    return HTTP_METHODS.stream().anyMatch(method::isAnnotatedWith);
                }
            })
            .should(new ArchCondition<JavaMethod>("declare @Requires or @Open") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    boolean says = method.isAnnotatedWith(OPEN)
                            || method.isAnnotatedWith(REQUIRES)
                            || method.getOwner().isAnnotatedWith(REQUIRES);
                    events.add(new SimpleConditionEvent(
                            method, says, method.getFullName() + (says ? " says" : " does not say") + " who may"));
                }
            });

    private static final String AUDITED = "org.nxvms.rest.kit.jaxrs.Audited";
    private static final String UNAUDITED = "org.nxvms.rest.kit.jaxrs.Unaudited";
    private static final List<String> CHANGING_METHODS = Stream.of("POST", "PUT", "PATCH", "DELETE")
            .map("javax.ws.rs."::concat)
            .toList();

    /** What is not said here is not in the audit, and nobody would miss it before it is needed. */
    @ArchTest
    static final ArchRule whatChangesSomethingIsInTheAuditOrSaysWhyNot = methods()
            .that(new DescribedPredicate<JavaMethod>("answer HTTP requests that change something") {
                @Override
                public boolean test(JavaMethod method) {
                    return CHANGING_METHODS.stream().anyMatch(method::isAnnotatedWith);
                }
            })
            .should(new ArchCondition<JavaMethod>("be either @Audited or @Unaudited") {
                @Override
                public void check(JavaMethod method, ConditionEvents events) {
                    boolean says = method.isAnnotatedWith(AUDITED) != method.isAnnotatedWith(UNAUDITED);
                    events.add(new SimpleConditionEvent(
                            method,
                            says,
                            method.getFullName() + (says ? " says" : " does not say") + " what is noted"));
                }
            });

    /** Its resources stand beside it. Applications of an {@code ApplicationSet} are given a trail with it. */
    @ArchTest
    static final ArchRule anApplicationWithNotesHandsTheAuditOut = classes()
            .that()
            .areAssignableTo("org.nxvms.rest.kit.jaxrs.RestApplication")
            .and()
            .resideOutsideOfPackage("org.nxvms.rest.kit..")
            .should(new ArchCondition<JavaClass>("say where @Audited methods of its package are noted") {
                @Override
                public void check(JavaClass application, ConditionEvents events) {
                    boolean notes = application.getPackage().getClasses().stream()
                            .flatMap(one -> one.getMethods().stream())
                            .anyMatch(method -> method.isAnnotatedWith(AUDITED));
                    boolean hands = application.tryGetMethod("audit").isPresent();
                    events.add(new SimpleConditionEvent(
                            application,
                            !notes || hands,
                            application.getFullName() + (hands ? " hands out" : " does not hand out") + " the audit"));
                }
            });

    /** All others are open to strangers: the login and its like, and whether the server is alive. */
    @ArchTest
    static final ArchRule strangersAreAnsweredHereOnly = methods()
            .that()
            .areAnnotatedWith(OPEN)
            .should()
            .beDeclaredInClassesThat()
            .haveFullyQualifiedName("org.nxvms.security.web.AuthResource")
            .orShould()
            .beDeclaredInClassesThat()
            .haveFullyQualifiedName("org.nxvms.security.web.OutsideResource")
            .orShould()
            .beDeclaredInClassesThat()
            .haveFullyQualifiedName("org.nxvms.integration.oidc.rest.OidcResource")
            .orShould()
            .beDeclaredInClassesThat()
            .haveFullyQualifiedName("org.nxvms.health.HealthResource");

    private static final Set<String> GUARDS =
            Set.of("org.nxvms.platform.api.security.AccessGuard", "org.nxvms.rest.kit.servlet.ServletAccess");

    /** The console's files hold no secret, devices show the secret in their address, and nothing needs no right. */
    @ArchTest
    static final ArchRule everyServletAsksTheGuard = classes()
            .that()
            .areAssignableTo("javax.servlet.http.HttpServlet")
            .and()
            .resideOutsideOfPackages("org.nxvms.console", "org.nxvms.cameras.push..", "org.nxvms.rest.nowhere..")
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .should(
                    new ArchCondition<JavaClass>(
                            "ask the guard for a right, itself, by what it extends or in its socket") {
                        @Override
                        public void check(JavaClass servlet, ConditionEvents events) {
                            boolean asks = asks(servlet)
                                    || servlet.getConstructorCallsFromSelf().stream()
                                            .map(JavaAccess::getTargetOwner)
                                            .filter(made -> made.getSimpleName().endsWith("Socket")
                                                    && made.getPackage().equals(servlet.getPackage()))
                                            .anyMatch(CodeLawsTest::asks);
                            events.add(new SimpleConditionEvent(
                                    servlet,
                                    asks,
                                    servlet.getFullName() + (asks ? " asks" : " does not ask") + " the guard"));
                        }
                    });

    private static boolean asks(JavaClass one) {
        return one.getMethodCallsFromSelf().stream().anyMatch(call -> asks(call, STEPS_MAX));
    }

    /** From a servlet to a method of what it extends, and to one of that. */
    private static final int STEPS_MAX = 2;

    private static boolean asks(JavaMethodCall call, int stepsLeft) {
        String owner = call.getTargetOwner().getFullName();
        if (GUARDS.contains(owner)) {
            return call.getName().startsWith("require");
        }
        return stepsLeft > 0
                && call.getTargetOwner().isAssignableTo("javax.servlet.http.HttpServlet")
                && call.getTarget()
                        .resolveMember()
                        .filter(method ->
                                method.getMethodCallsFromSelf().stream().anyMatch(next -> asks(next, stepsLeft - 1)))
                        .isPresent();
    }
}
