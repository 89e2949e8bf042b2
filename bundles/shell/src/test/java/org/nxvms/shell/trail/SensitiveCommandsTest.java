// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What of all that is typed is worth a note. */
class SensitiveCommandsTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "feature:list",
                "bundle:list | grep nxvms",
                "bundle:diag 12",
                "config:list \"(service.pid=org.nxvms.web)\"",
                "config:property-get -p org.nxvms.web port",
                "nxvms:plugin-install --allow-unsigned /root/driver.jar",
                "nxvms:status",
                "log:tail",
                "jaas:whoami",
                "shell:echo restart",
                "echo install http://host:8080/mvn:group",
                "help feature:install",
                "*:help bundle:stop",
                "install.log = 5",
                "service:list | grep \"x:y\"",
                ""
            })
    void whoOnlyLooksIsNotNoted(String line) {
        assertThat(SensitiveCommands.in(line)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "feature:install nxvms-driver-onvif ! feature:install",
                "FEATURE:Uninstall x ! feature:uninstall",
                "feature:repo-add mvn:a/b/1/xml ! feature:repo-add",
                "bundle:install -s file:/root/x.jar ! bundle:install",
                "install -s file:/root/x.jar ! install",
                "*:uninstall 44 ! uninstall",
                "bundle:stop nxvms-recorder; bundle:start nxvms-recorder ! bundle:stop, bundle:start",
                "kar:install file:/root/x.kar ! kar:install",
                "config:property-set -p org.nxvms.web port 1 ! config:property-set",
                "system:shutdown -f ! system:shutdown",
                "jaas:user-add bob x ! jaas:user-add",
                "log:set DEBUG ! log:set",
                "shell:exec rm -rf / ! shell:exec",
                "source /root/script ! source",
                "acme:door-open 3 ! acme:door-open",
                "each [1 2] { bundle:uninstall $it } ! bundle:uninstall",
                "x = feature:install ! feature:install",
                "echo a | exec tee ! exec",
            })
    void whoChangesTheContainerIs(String line, String named) {
        assertThat(String.join(", ", SensitiveCommands.in(line))).isEqualTo(named);
    }

    @Test
    void oneThatComesTwiceIsNamedOnceAndAScriptIsReadLineByLine() {
        assertThat(SensitiveCommands.in("list\n  stop 1\n  stop 2\nbundle:start 1"))
                .containsExactly("stop", "bundle:start");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "help; shell:exec rm -rf x",
                "man; jaas:user-add eve x",
                "help x | feature:install evil",
                "help\nbundle:stop 5"
            })
    void whoAsksForHelpFirstIsNotedAllTheSame(String line) {
        assertThat(SensitiveCommands.in(line)).hasSize(1);
    }
}
