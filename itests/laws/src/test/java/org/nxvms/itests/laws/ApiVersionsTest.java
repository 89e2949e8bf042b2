// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.laws;

import static org.assertj.core.api.Assertions.assertThat;

import aQute.bnd.service.diff.Tree;
import aQute.bnd.service.diff.Type;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.osgi.framework.Version;

/**
 * A package of the contracts has the version that its change since its recorded description asks for; see
 * docs/compatibility.md. With {@code -Dnxvms.recordApi=true} the descriptions are written anew, as a release does.
 */
class ApiVersionsTest {
    private static final boolean RECORD = Boolean.getBoolean("nxvms.recordApi");
    private static final Path SDK =
            Path.of(System.getProperty("nxvms.root"), "sdk").normalize();
    /** What strangers implement. The rest of the contracts is held from the first release on. */
    private static final List<String> HELD = List.of("sdk/driver-spi", "sdk/storage-spi");

    private static final String SPI = "org.nxvms.driver.spi";

    static List<BuiltBundle> held() {
        return BuiltBundle.in("sdk").stream()
                .filter(bundle -> HELD.contains(bundle.room()))
                .toList();
    }

    private static Path file(BuiltBundle bundle, String name) {
        return SDK.resolve(bundle.room().substring("sdk/".length()))
                .resolve("api")
                .resolve(name + ".txt");
    }

    @ParameterizedTest
    @MethodSource("held")
    void aPackageHasTheVersionThatItsChangeAsksFor(BuiltBundle bundle) {
        Map<String, RecordedApi> packages = new TreeMap<>(RecordedApi.of(bundle));
        assertThat(packages).isNotEmpty();
        packages.forEach((name, built) -> {
            Path file = file(bundle, name);
            if (RECORD) {
                built.write(file);
            }
            Optional<RecordedApi> recorded = RecordedApi.read(file);
            assertThat(recorded)
                    .as(file + " is missing; docs/compatibility.md says how it is written")
                    .isPresent();
            Version least = recorded.get().leastFor(built.api());
            assertThat(built.version())
                    .as(
                            "the version of %s in its package-info; since %s this changed: %s",
                            name, recorded.get().version(), recorded.get().differences(built.api()))
                    .isGreaterThanOrEqualTo(least);
        });
    }

    // ---- the law itself is held against changes that are known ----

    private static RecordedApi spi() {
        BuiltBundle bundle = held().stream()
                .filter(one -> one.room().equals("sdk/driver-spi"))
                .findFirst()
                .orElseThrow();
        return RecordedApi.of(bundle).get(SPI);
    }

    private static Tree.Data without(Tree.Data element, Type type, String name) {
        element.children = Arrays.stream(RecordedApi.children(element))
                .filter(child -> child.type != type || !child.name.startsWith(name))
                .map(child -> without(child, type, name))
                .toArray(Tree.Data[]::new);
        return element;
    }

    @Test
    void whatIsTakenAwayIsAMajorChangeAndATypeMoreAMinorOne() {
        RecordedApi now = spi();
        Version major = new Version(now.version().getMajor() + 1, 0, 0);
        Version minor = new Version(now.version().getMajor(), now.version().getMinor() + 1, 0);

        Tree noReboot = RecordedApi.tree(without(now.api().serialize(), Type.INTERFACE, SPI + ".Reboot"));
        assertThat(now.leastFor(noReboot)).isEqualTo(major);
        assertThat(now.differences(noReboot)).singleElement().asString().contains("REMOVED", "Reboot");
        assertThat(new RecordedApi(now.version(), noReboot).leastFor(now.api())).isEqualTo(minor);
        assertThat(now.leastFor(now.api())).isEqualTo(now.version());
    }

    @Test
    void aMethodMoreInWhatDriversImplementIsAMajorChange() {
        RecordedApi now = spi();
        Tree noStop = RecordedApi.tree(without(now.api().serialize(), Type.METHOD, "stop("));

        assertThat(new RecordedApi(now.version(), noStop).leastFor(now.api()))
                .isEqualTo(new Version(now.version().getMajor() + 1, 0, 0));
    }

    @Test
    void whatIsWrittenDownIsReadTheSame(@org.junit.jupiter.api.io.TempDir Path folder) {
        RecordedApi now = spi();
        now.write(folder.resolve("api.txt"));

        RecordedApi read = RecordedApi.read(folder.resolve("api.txt")).orElseThrow();
        assertThat(read.version()).isEqualTo(now.version());
        assertThat(read.differences(now.api())).isEmpty();
    }
}
