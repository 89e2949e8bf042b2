// SPDX-License-Identifier: Apache-2.0
package org.nxvms.console.extensions;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.felix.framework.Felix;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nxvms.console.extensions.found.Extension;
import org.nxvms.console.extensions.found.Shelf;
import org.nxvms.platform.api.console.ConsoleExtensions;
import org.nxvms.platform.api.event.EventFact;
import org.nxvms.platform.api.event.EventKinds;
import org.nxvms.platform.api.event.EventPublisher;
import org.nxvms.platform.api.event.EventSource;
import org.osgi.framework.Bundle;
import org.osgi.framework.Constants;

/** Bundles come, change and go in the framework of the distribution; what they bring is listed on the spot. */
final class ExtensionTrackerTest {
    @TempDir
    private Path folder;

    private Felix framework;
    private ExtensionTracker tracker;
    private final Said said = new Said();

    /** Takes pulses, as events do. */
    private static final class Said implements EventPublisher {
        private final List<EventFact> facts = new ArrayList<>();

        @Override
        public boolean pulse(EventFact fact, long atUs) {
            facts.add(fact);
            return true;
        }

        @Override
        public boolean hold(EventFact fact, long sinceUs, int holdSeconds) {
            throw new AssertionError("a change is no state");
        }

        @Override
        public boolean past(EventFact fact, long startUs, long endUs) {
            throw new AssertionError("a change is no state");
        }

        @Override
        public boolean end(EventSource source, String kind, long endUs) {
            throw new AssertionError("a change is no state");
        }

        /** {@return how many were said since it was asked last} */
        private int news() {
            int count = facts.size();
            facts.clear();
            return count;
        }
    }

    @BeforeEach
    void boot() throws Exception {
        Map<String, Object> configuration = new HashMap<>();
        configuration.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
        framework = new Felix(configuration);
        framework.init();
        framework.start();
        tracker = new ExtensionTracker(
                framework.getBundleContext(), new UUID(1, 1), Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));
        tracker.bindPublisher(said);
        tracker.open();
    }

    @AfterEach
    void stop() throws Exception {
        tracker.close();
        framework.stop();
        framework.waitForStop(30_000);
    }

    private Bundle install(BroughtJar jar) throws Exception {
        Bundle bundle =
                framework.getBundleContext().installBundle("test:" + System.nanoTime() + jar.hashCode(), jar.open());
        bundle.start();
        return bundle;
    }

    private Extension only() {
        assertThat(tracker.shelf().shown()).hasSize(1);
        return tracker.shelf().shown().get(0);
    }

    private String refusal(BroughtJar jar) throws Exception {
        install(jar);
        assertThat(tracker.shelf().shown()).isEmpty();
        assertThat(tracker.shelf().refused()).hasSize(1);
        Shelf.Refused refused = tracker.shelf().refused().get(0);
        assertThat(tracker.refusal(refused.bundle(), refused.version())).contains(refused.reason());
        return refused.reason();
    }

    @Test
    void itIsListedWhileItsBundleRuns() throws Exception {
        Bundle bundle = install(BroughtJar.version("1.0.0"));
        Extension extension = only();
        assertThat(extension.description().id()).isEqualTo("plates");
        assertThat(extension.base()).matches("/console/ext/org\\.example\\.plates/[0-9a-f]{16}/");
        assertThat(tracker.refusal(BroughtJar.NAME, "1.0.0")).isEmpty();
        assertThat(said.facts).extracting(EventFact::kind).containsExactly(EventKinds.CONSOLE_EXTENSIONS_CHANGED);
        assertThat(said.facts.get(0).attributes().values())
                .as("nothing of what only some may see")
                .isEmpty();
        said.news();

        bundle.stop();
        assertThat(tracker.shelf().shown()).isEmpty();
        assertThat(said.news()).isEqualTo(1);
        bundle.start();
        assertThat(only().base()).as("the same files have the same address").isEqualTo(extension.base());
        bundle.uninstall();
        assertThat(tracker.shelf().shown()).isEmpty();
        assertThat(said.news()).isEqualTo(2);
    }

    @Test
    void whatRunsAlreadyIsFoundAndBundlesWithoutTheHeaderAreNoMatter() throws Exception {
        tracker.close();
        said.news();
        install(BroughtJar.version("1.0.0"));
        install(BroughtJar.version("1.0.0").named("org.example.plain").header(ConsoleExtensions.HEADER, null));
        assertThat(said.news()).as("nobody looks").isZero();
        tracker = new ExtensionTracker(framework.getBundleContext(), new UUID(1, 1), Clock.systemUTC());
        tracker.open();
        assertThat(only().version()).isEqualTo("1.0.0");
        assertThat(said.news()).as("events are away").isZero();
        tracker.bindPublisher(said);
        assertThat(said.news()).as("said as soon as somebody takes it").isEqualTo(1);
    }

    @Test
    void aNewVersionTakesThePlaceOfTheOldOneAndAnOldOneComesBack() throws Exception {
        Bundle old = install(BroughtJar.version("1.9.0"));
        String before = only().base();
        Bundle fresh = install(BroughtJar.version("1.10.0").entry("console/plates.js", "export const other = 1;"));
        assertThat(only().version()).isEqualTo("1.10.0");
        assertThat(only().base()).as("other files have another address").isNotEqualTo(before);
        assertThat(tracker.at(BroughtJar.NAME, before.split("/")[4])).isEmpty();
        old.uninstall();
        assertThat(only().version()).isEqualTo("1.10.0");
        install(BroughtJar.version("1.9.0"));
        assertThat(only().version()).as("beside the newer one").isEqualTo("1.10.0");
        fresh.uninstall();
        assertThat(only().base()).isEqualTo(before);
    }

    @Test
    void anUpdateInItsPlaceIsAnother() throws Exception {
        Bundle bundle = install(BroughtJar.version("1.0.0"));
        String before = only().base();
        bundle.update(BroughtJar.version("1.0.1").entry("console/more.js", "1").open());
        assertThat(only().version()).isEqualTo("1.0.1");
        assertThat(only().base()).isNotEqualTo(before);
    }

    @Test
    void whoCameFirstKeepsItsId() throws Exception {
        Bundle first = install(BroughtJar.version("1.0.0"));
        install(BroughtJar.version("7.0.0").named("org.example.thief"));
        assertThat(only().bundle()).isEqualTo(BroughtJar.NAME);
        assertThat(tracker.refusal("org.example.thief", "7.0.0"))
                .hasValueSatisfying(reason -> assertThat(reason).contains("Its id plates is that of the extension of"));
        first.uninstall();
        assertThat(only().bundle()).isEqualTo("org.example.thief");
        assertThat(tracker.refusal("org.example.thief", "7.0.0")).isEmpty();
    }

    @Test
    void theHashSaysWhatIsInTheFilesAndNothingElse() throws Exception {
        install(BroughtJar.version("1.0.0"));
        install(BroughtJar.version("3.0.0")
                .named("org.example.other")
                .describedBy(BroughtJar.description("plates"))
                .entry("org/example/Server.txt", "in another folder"));
        assertThat(tracker.shelf().refused()).hasSize(1);
        String hash = only().files().hash();
        for (BroughtJar other : List.of(
                BroughtJar.version("2.0.0").entry("console/plates.js", "export function activate() {} "),
                BroughtJar.version("2.0.1")
                        .without("console/parts/list.js")
                        .entry("console/parts/lisu.js", "export const list = 1;"),
                BroughtJar.version("2.0.2").entry("console/empty.js", ""))) {
            Bundle bundle = install(other);
            assertThat(only().files().hash()).isNotEqualTo(hash);
            bundle.uninstall();
            assertThat(only().files().hash()).isEqualTo(hash);
        }
    }

    @Test
    void onlyFilesOfTheFolderAreFound() throws Exception {
        install(BroughtJar.version("1.0.0"));
        assertThat(only().files().find("plates.js"))
                .hasValueSatisfying(file -> assertThat(file.type()).isEqualTo("text/javascript;charset=utf-8"));
        assertThat(only().files().find("parts/list.js")).isPresent();
        for (String path : List.of(
                "",
                "/",
                "parts",
                "parts/",
                "../secret.js",
                "parts/../plates.js",
                "./plates.js",
                "/plates.js",
                "secret.js",
                "META-INF/MANIFEST.MF",
                "..\\secret.js",
                "plates.js\u0000",
                "%2e%2e/secret.js")) {
            assertThat(only().files().find(path)).as(path).isEmpty();
        }
    }

    @Test
    void aFileOfABundleThatHasGoneIsNotThere() throws Exception {
        Bundle bundle = install(BroughtJar.version("1.0.0"));
        Extension extension = only();
        bundle.uninstall();
        assertThat(extension.files().find("plates.js")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "extension.json",
                "/extension.json",
                "console/",
                "console/other.json",
                "../console/extension.json",
                "console/../extension.json",
                "META-INF/extension.json",
                "meta-inf/x/extension.json",
                "console//extension.json",
                " "
            })
    void theFolderIsOneOfItsOwn(String header) throws Exception {
        assertThat(refusal(BroughtJar.version("1.0.0").header(ConsoleExtensions.HEADER, header)))
                .contains("in a folder of its own");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"plates\"                  | \"p\"                    | id must",
                "\"plates\"                  | \"my.plates\"            | id must",
                "\"1.0\"                     | \"1\"                    | apiVersion must",
                "\"1.0\"                     | 1                        | apiVersion must",
                "\"plates.js\"               | \"../secret.js\"         | entry must",
                "\"plates.js\"               | \"plates.html\"          | entry must",
                "\"plates.js\"               | \"not-there.js\"         | \"entry\"",
                "\"plates.svg\"              | \"gone.svg\"             | \"icon\"",
                "\"plates.svg\"              | \"https://e.org/x.svg\"  | icon must be",
                "\"de\": {                   | \"../de\": {             | texts names a language",
                "\"en\": {                   | \"fr\": {                | texts must hold a catalogue for en",
                "\"lane\", \"requires\"      | \"no-key\", \"requires\" | must be a key of texts.en",
                "[\"view_events\"]           | [\"rule_the_world\"]     | requires",
                "\"seen\"                    | \"list\"                 | twice",
                "\"timeline.lane\"           | \"Timeline\"             | slot",
                "\"contributes\"             | \"contributions\"        | contributes",
            })
    void aDescriptionThatCannotWorkIsRefusedWithWhatIsWrong(String right, String wrong, String words) throws Exception {
        String good = BroughtJar.description("plates");
        assertThat(good).contains(right);
        assertThat(refusal(BroughtJar.version("1.0.0").describedBy(good.replace(right, wrong))))
                .contains(words);
        assertThat(said.news()).as("consoles have nothing to look for").isZero();
    }

    @Test
    void whatIsNoDescriptionAtAllIsRefused() throws Exception {
        assertThat(refusal(BroughtJar.version("1.0.0").describedBy("{"))).contains("console/extension.json");
    }

    @Test
    void aMissingDescriptionIsSaid() throws Exception {
        assertThat(refusal(BroughtJar.version("1.0.0").without("console/extension.json")))
                .contains("there is no such file in it");
    }

    @ParameterizedTest
    @ValueSource(strings = {"console/page.html", "console/run.sh", "console/noname", "console/.hidden.js"})
    void aFileThatIsNotServedIsNotSilentlyLeftOut(String path) throws Exception {
        assertThat(refusal(BroughtJar.version("1.0.0").entry(path, "x"))).contains(path.substring("console/".length()));
    }

    @Test
    void howMuchABundleMayBringIsBounded() throws Exception {
        assertThat(refusal(BroughtJar.version("1.0.0").entry("console/large.txt", "0".repeat((16 << 20) + 1))))
                .contains("more than 16777216 bytes");
        BroughtJar many = BroughtJar.version("1.0.0").named("org.example.many");
        for (int i = 0; i < 1_001; i++) {
            many.entry("console/f" + i + ".js", "");
        }
        install(many);
        assertThat(tracker.refusal("org.example.many", "1.0.0"))
                .hasValueSatisfying(reason -> assertThat(reason).contains("more than 1000 files"));
    }
}
