// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.StringLength;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.network.AddressRule;

/** Wherever a password was typed, it never stays in an address nor shows in a message. */
class DraftRulesProperties {
    @Property(tries = 500)
    void anEscapedPasswordArrivesWholeAndLeavesTheAddress(
            @ForAll @CharRange(from = '!', to = '~') @StringLength(min = 1, max = 40) String password)
            throws InvalidCameraException {
        String escaped = URLEncoder.encode(password, StandardCharsets.UTF_8).replace("+", "%20");

        CameraDraft checked = DraftRules.check(
                DraftRulesTest.draft("rtsp://admin:" + escaped + "@cam/1"),
                Optional.of(DraftRulesTest.RTSP),
                AddressRule.DEVICES);

        assertThat(checked.password()).contains(password);
        assertThat(checked.address()).hasToString("rtsp://cam/1");
    }

    @Property(tries = 1_000)
    void anythingTypedRawIsRefusedWithoutBeingShownOrLeavesTheAddress(
            @ForAll @CharRange(from = '!', to = '~') @StringLength(min = 1, max = 12) String noise) {
        String secret = "S3cr" + noise + "eT";
        URI typed;
        try {
            typed = new URI("rtsp://admin:" + secret + "@cam/1");
        } catch (java.net.URISyntaxException e) {
            // The JSON reader refuses it, without its text.
            return;
        }
        try {
            CameraDraft checked = DraftRules.check(
                    DraftRulesTest.draft(typed.toString()), Optional.of(DraftRulesTest.RTSP), AddressRule.DEVICES);
            assertThat(checked.address().getRawUserInfo()).isNull();
            assertThat(checked.address().getRawAuthority()).doesNotContain("@");
        } catch (InvalidCameraException e) {
            assertThat(e.fields().toString()).doesNotContain("S3cr");
            assertThat(e.getMessage()).doesNotContain("S3cr");
        }
    }
}
