// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Laws 1 to 3 and 7 of docs/ARCHITECTURE.md, read from what was really built. */
class ManifestLawsTest {
    private static final Set<String> CONTRACTS = Set.of(
            "org.nxvms.media",
            "org.nxvms.driver.spi",
            "org.nxvms.storage.spi",
            "org.nxvms.platform.api",
            "org.nxvms.platform.api.bookmark",
            "org.nxvms.platform.api.camera",
            "org.nxvms.platform.api.console",
            "org.nxvms.platform.api.ingest",
            "org.nxvms.platform.api.recording",
            "org.nxvms.platform.api.rendition",
            "org.nxvms.platform.api.archive",
            "org.nxvms.platform.api.security",
            "org.nxvms.platform.api.health",
            "org.nxvms.platform.api.support",
            "org.nxvms.platform.api.audit",
            "org.nxvms.platform.api.backup",
            "org.nxvms.platform.api.event",
            "org.nxvms.platform.api.export",
            "org.nxvms.platform.api.integration",
            "org.nxvms.platform.api.layout",
            "org.nxvms.platform.api.motion",
            "org.nxvms.platform.api.network",
            "org.nxvms.platform.api.plugin",
            "org.nxvms.platform.api.server",
            "org.nxvms.platform.api.worker");

    static List<BuiltBundle> contracts() {
        return BuiltBundle.in("sdk");
    }

    static List<BuiltBundle> implementations() {
        return Stream.of("bundles", "integrations", "drivers")
                .flatMap(folder -> BuiltBundle.in(folder).stream())
                .toList();
    }

    static List<BuiltBundle> drivers() {
        return BuiltBundle.in("drivers");
    }

    static List<BuiltBundle> all() {
        return Stream.concat(contracts().stream(), implementations().stream()).toList();
    }

    @Test
    void theBuildMadeBundlesToHoldAgainstTheLaws() {
        assertThat(contracts()).hasSizeGreaterThanOrEqualTo(4);
        assertThat(implementations()).hasSizeGreaterThanOrEqualTo(15);
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void implementationsExportNothing(BuiltBundle bundle) {
        assertThat(bundle.header("Export-Package"))
                .as("a bundle that exports nothing can be replaced without touching another")
                .isEmpty();
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void contractsExportOnlyThemselvesAndImportOnlyLowerContracts(BuiltBundle bundle) {
        assertThat(bundle.clauses("Export-Package").keySet()).isSubsetOf(CONTRACTS);
        assertThat(bundle.clauses("Import-Package").keySet()).isSubsetOf(CONTRACTS);
    }

    @ParameterizedTest
    @MethodSource("all")
    void houseImportsAreContractsWithARange(BuiltBundle bundle) {
        bundle.clauses("Import-Package").forEach((name, attributes) -> {
            if (name.startsWith("org.nxvms.")) {
                assertThat(CONTRACTS).as("nothing imports a bundle or a driver").contains(name);
                assertThat(attributes.getVersion()).as("range on " + name).matches("\\[.+,.+\\)");
            }
        });
    }

    @ParameterizedTest
    @MethodSource("all")
    void nothingThatLetsARefreshSpread(BuiltBundle bundle) {
        assertThat(bundle.header("DynamicImport-Package")).isEmpty();
        assertThat(bundle.header("Require-Bundle")).isEmpty();
        assertThat(bundle.header("Fragment-Host")).isEmpty();
        assertThat(bundle.header("Bundle-Activator")).isEmpty();
        bundle.clauses("Import-Package").forEach((name, attributes) -> assertThat(attributes.get("resolution:"))
                .as("an optional import of " + name + " makes the bundle restart when a provider arrives")
                .isNotEqualTo("optional"));
        assertThat(bundle.header("Bundle-SymbolicName")).doesNotContain("singleton:=true");
    }

    @ParameterizedTest
    @MethodSource("all")
    void theRoomsNameIsTheBundlesNameAndItsPackage(BuiltBundle bundle) {
        String folder = bundle.room().substring(bundle.room().indexOf('/') + 1);
        String kind = bundle.room().startsWith("drivers/")
                ? "driver."
                : bundle.room().startsWith("integrations/") ? "integration." : "";
        String name = kind + folder.replace('-', '.');
        assertThat(bundle.header("Bundle-SymbolicName")).isEqualTo("org.nxvms." + name);
        assertThat(bundle.classes()).anyMatch(c -> c.startsWith("org/nxvms/" + name.replace('.', '/') + "/"));
    }

    @ParameterizedTest
    @MethodSource("drivers")
    void driversSeeTheirContractsTheLogAndTheFrameworkOnly(BuiltBundle bundle) {
        assertThat(bundle.clauses("Import-Package").keySet())
                .allMatch(p -> Set.of("org.nxvms.driver.spi", "org.nxvms.media", "org.slf4j")
                                .contains(p)
                        || p.startsWith("org.osgi.")
                        || p.startsWith("javax.net")
                        || p.startsWith("javax.xml"));
        assertThat(bundle.clauses("Import-Package").get("org.nxvms.driver.spi").getVersion())
                .as("what drivers implement is a consumer type: any platform 1.x that is no older runs them")
                .matches("\\[1\\.[0-9]+,2\\)");
    }

    @ParameterizedTest
    @MethodSource("implementations")
    void onlyTheShellKnowsKaraf(BuiltBundle bundle) {
        if (!bundle.room().equals("bundles/shell")) {
            assertThat(bundle.clauses("Import-Package").keySet()).noneMatch(p -> p.startsWith("org.apache.karaf"));
        }
    }
}
