// SPDX-License-Identifier: Apache-2.0
package org.nxvms.shell.trail;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is shown of what was typed. */
class ShownTextTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            quoteCharacter = '`',
            value = {
                "feature:install nxvms-driver-onvif ! feature:install nxvms-driver-onvif",
                "bundle:install -s file:/root/x.jar ! bundle:install -s file:/root/x.jar",
                "config:property-set -p org.nxvms.web port 8443 ! config:property-set -p org.nxvms.web port 8443",
                "config:property-set -p x clientSecret hunter2 ! config:property-set -p x clientSecret ***",
                "config:property-set -p x bindPassword \"hunter2 hunter2\" ! config:property-set -p x bindPassword ***",
                "config:property-set -p x bindPassword 'hunter2 hunter2'; config:update !"
                        + " config:property-set -p x bindPassword ***; config:update",
                "config:property-set -p x bindPassword hunter\\ 2hunter2 ! config:property-set -p x bindPassword ***",
                "config:property-set \"bindPassword\" hunter2 ! config:property-set \"bindPassword\" ***",
                "x = {password = hunter2} ! x = {password = ***",
                "acme:login --password=hunter2 --user bob ! acme:login --password=*** --user bob",
                "acme:login --api-key hunter2 ! acme:login --api-key ***",
                "ssh:ssh -l bob -P hunter2 host ! ssh:ssh -l bob -P *** host",
                "jaas:user-add bob hunter2 ! jaas:user-add bob ***",
                "jaas:sudo bob hunter2; bundle:list ! jaas:sudo bob ***; bundle:list",
                "bundle:install https://bob:hunter2@repo/x.jar?key=hunter2 ! bundle:install https://***@repo/x.jar?***",
            })
    void aSecretIsHiddenAndTheRestIsNot(String typed, String shown) {
        assertThat(ShownText.of(typed)).isEqualTo(shown);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "config:property-set secret \"hunter2 is not closed",
                "config:property-set secret 'hunter2 is not closed",
                "config:property-set secret a\"hunter2\"'hunter2'hunter2",
                "jaas:user-add bob \"hunter2",
                "TOKEN=hunter2",
                "x:y Authorization: hunter2",
                "x:y 'Authorization: Bearer hunter2' z",
                "shell:exec curl -u admin:hunter2 https://host",
                "exec sshpass -p hunter2 ssh host; bundle:list",
                "bundle:install https://bob:p/hunter2@host/x.jar",
                "bundle:install https://bob:p@hunter2@host/x.jar",
                "jaas:user-add \\\nbob hunter2",
                "jaas:user-add bob 'a;hunter2'",
            })
    void ratherTooLittleIsShown(String typed) {
        assertThat(ShownText.of(typed)).doesNotContain("hunter2").contains("***");
    }

    @Test
    void linesBecomeOneAndWhatIsEndlessIsCut() {
        assertThat(ShownText.of(" bundle:stop 1\n\n  bundle:start 1 ")).isEqualTo("bundle:stop 1; bundle:start 1");
        assertThat(ShownText.of("x password=\"" + "a b\\\"".repeat(100_000))).isEqualTo("x password=***");
        assertThat(ShownText.of("-_.".repeat(100_000)).length()).isLessThanOrEqualTo(1_000);
        assertThat(ShownText.of("bundle:install https://bob:" + "hunter2".repeat(200) + "@host"))
                .isEqualTo("bundle:install https://***");
    }
}
