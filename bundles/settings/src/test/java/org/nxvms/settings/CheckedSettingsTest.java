// SPDX-License-Identifier: Apache-2.0
package org.nxvms.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.health.HealthCheck.Status;
import org.osgi.service.cm.ConfigurationEvent;

/** What becomes of settings that are wrong: of a part that is there once, and of one of several. */
class CheckedSettingsTest {
    private static final String PART = "org.nxvms.archive";
    private static final String VOLUME = "org.nxvms.storage.file";
    private static final String METATYPE =
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <metatype:MetaData xmlns:metatype="http://www.osgi.org/xmlns/metatype/v1.2.0">
              <OCD id="limits" name="Archive">
                <AD id="flushSeconds" type="Integer" min="1" max="60" default="5" name="Flush interval"/>
                <AD id="proof" type="Boolean" name="Proof"/>
                <AD id="share" type="Double" max="0.5" name="Share"/>
                <AD id="hosts" type="String" cardinality="20" name="Hosts"/>
                <AD id="password" type="Password" min="3" name="Password"/>
                <AD id="secretNumber" type="Long" name="Secret number"/>
              </OCD>
              <OCD id="volume" name="Volume">
                <AD id="quotaBytes" type="Long" min="0" name="Quota"/>
                <AD id="role" type="String" name="Role"><Option label="r" value="recording"/><Option label="b" value="backup"/></AD>
              </OCD>
              <Designate pid="org.nxvms.archive"><Object ocdref="limits"/></Designate>
              <Designate pid="org.apache.karaf.shell"><Object ocdref="limits"/></Designate>
              <Designate factoryPid="org.nxvms.storage.file"><Object ocdref="volume"/></Designate>
            </metatype:MetaData>
            """;

    private SettingsGuard guard;

    @BeforeEach
    void read() throws Exception {
        Map<String, Map<String, Setting>> all =
                MetatypeXml.read(new ByteArrayInputStream(METATYPE.getBytes(StandardCharsets.UTF_8)));
        guard = new SettingsGuard(new CheckedSettings(pid -> all.getOrDefault(pid, Map.of())));
    }

    private Hashtable<String, Object> part(Object... settings) {
        return given(PART, Optional.empty(), settings);
    }

    private Hashtable<String, Object> volume(Object... settings) {
        return given(VOLUME + "~main", Optional.of(VOLUME), settings);
    }

    private Hashtable<String, Object> given(String pid, Optional<String> factory, Object... settings) {
        Hashtable<String, Object> properties = new Hashtable<>();
        properties.put("service.pid", pid);
        properties.put("felix.fileinstall.filename", "file:/data/etc/" + pid + ".cfg");
        factory.ifPresent(name -> properties.put("service.factoryPid", name));
        for (int i = 0; i < settings.length; i += 2) {
            properties.put(String.valueOf(settings[i]), settings[i + 1]);
        }
        guard.modifyConfiguration(null, properties);
        return properties;
    }

    private String told() {
        return guard.check().detail();
    }

    @Test
    void whatIsRightGoesThroughAsItIs() {
        assertThat(part("flushSeconds", "60", "proof", "TRUE", "share", "0.25", "hosts", "a,b", "x.target", "(a=b)"))
                .containsEntry("flushSeconds", "60")
                .containsEntry("proof", "TRUE")
                .containsEntry("hosts", "a,b");
        assertThat(guard.check().status()).isEqualTo(Status.UP);
    }

    @Test
    void aWrongValueOfAPartIsTheLastRightOneOrTheDefaultAndTold() {
        assertThat(part("flushSeconds", "abc")).doesNotContainKey("flushSeconds");
        assertThat(guard.check().status()).isEqualTo(Status.DEGRADED);
        assertThat(told())
                .startsWith(
                        "/data/etc/org.nxvms.archive.cfg: flushSeconds is \"abc\" and not a whole number from 1 to 60;"
                                + " the default counts.");

        assertThat(part("flushSeconds", "2")).containsEntry("flushSeconds", "2");
        assertThat(told()).isEmpty();
        assertThat(part("flushSeconds", "61")).containsEntry("flushSeconds", "2");
        assertThat(told()).contains("it stays as it was");
        assertThat(part("flushSeconds", "")).as("still the last right one").containsEntry("flushSeconds", "2");
    }

    @Test
    void aBlankAtTheEndOfALineIsNoPartOfANumber() {
        assertThat(part("flushSeconds", "5 ", "proof", " true\t", "password", " p "))
                .containsEntry("flushSeconds", "5")
                .containsEntry("proof", "true")
                .containsEntry("password", " p ");
        assertThat(told()).isEmpty();
    }

    @Test
    void everyTypeIsHeldToWhatItCanBe() {
        for (String wrong : List.of("yes", "1", "")) {
            assertThat(part("proof", wrong)).as(wrong).doesNotContainKey("proof");
        }
        for (String wrong : List.of("0.6", "a", "NaN")) {
            assertThat(part("share", wrong)).as(wrong).doesNotContainKey("share");
        }
        for (String wrong : List.of("99999999999", "1.5", "0x10", "2 GB")) {
            assertThat(part("flushSeconds", wrong)).as(wrong).doesNotContainKey("flushSeconds");
        }
    }

    @Test
    void aSecretIsNotRepeatedAndNothingBeginsALineInTheLog() {
        part("secretNumber", "hunter2", "flushSeconds", "1\nERROR all is lost");
        assertThat(told())
                .contains("secretNumber is not a whole number")
                .doesNotContain("hunter2")
                .doesNotContain("\n");
    }

    @Test
    void aKeyThatNobodyKnowsIsTold() {
        part("flushSecond", "2");
        assertThat(told()).contains("flushSecond is no setting of org.nxvms.archive; it is passed over");
    }

    @Test
    void whatTheContainerTakesIsItsOwnAffair() {
        given("org.apache.karaf.shell", Optional.empty(), "sshRole", "ssh");
        assertThat(guard.check().status()).isEqualTo(Status.UP);
    }

    @Test
    void aKeyInAnotherCaseIsTheOneThatIsMeant() {
        assertThat(volume("quotabytes", "1000"))
                .containsEntry("quotaBytes", "1000")
                .doesNotContainKey("quotabytes");
        assertThat(told()).isEmpty();
    }

    @Test
    void aVolumeMeantForSomethingElseIsNotMadeForRecording() {
        assertThat(volume("role", "bakcup")).as("so that it is refused").containsEntry("role", "bakcup");
        assertThat(told())
                .contains("role is \"bakcup\" and not one of recording, backup; it is given to its part as it is");

        volume("role", "backup");
        assertThat(volume("role", "bakcup"))
                .as("one that is there stays as it is")
                .containsEntry("role", "backup");
    }

    @Test
    void aFileThatIsGoneIsNotWrongAnyMore() {
        part("flushSeconds", "abc");
        guard.configurationEvent(new ConfigurationEvent(new NoReference(), ConfigurationEvent.CM_DELETED, null, PART));
        assertThat(guard.check().status()).isEqualTo(Status.UP);
    }
}
