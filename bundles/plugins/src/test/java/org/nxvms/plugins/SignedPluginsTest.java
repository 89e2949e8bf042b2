// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.nxvms.platform.api.plugin.PluginRefusedException;

/** Who signed a plugin decides whether it is taken, and when a pin goes nothing of its owner comes up again. */
class SignedPluginsTest extends InstallerStory {
    @Test
    void aKarIsTakenByItsSignatureOrByThatOfItsJar() throws Exception {
        install(vendor.sign(PluginJar.kar(PluginJar.sample("1.0.0").bytes())));
        assertThat(framework.serving()).containsExactly("1.0.0");
        update(PluginJar.kar(signed("1.1.0")));
        assertThat(framework.serving()).containsExactly("1.1.0");
        assertThatThrownBy(() -> update(vendor.sign(PluginJar.kar(signed("1.2.0"), signed("1.3.0")))))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("holds 2 JARs");
        assertThat(framework.serving()).containsExactly("1.1.0");
    }

    @Test
    void whatNobodyTrustedSignedIsRefused() throws Exception {
        byte[] plain = PluginJar.sample("1.0.0").bytes();
        assertRefused(plain, PluginRefusedException.Kind.SIGNATURE, "signature", "Nobody signed");
        byte[] strange = stranger.sign(plain);
        assertRefused(strange, PluginRefusedException.Kind.SIGNATURE, "signature", "signed by CN=stranger");
        assertThatThrownBy(() -> framework.installer.install(file(strange), true, "admin"))
                .as("unsigned may be allowed; a stranger's signature is not unsigned")
                .hasMessageContaining("signed by CN=stranger");
        framework.installer.trust(stranger.pem(), "admin");
        install(strange);
        assertThat(framework.serving()).containsExactly("1.0.0");
    }

    @Test
    void aPinThatWasTakenOutBringsNothingUpAgain() throws Exception {
        install(signed("1.0.0"));
        framework.installer.update(
                PluginJar.NAME, file(PluginJar.sample("1.1.0").bytes()), true, "admin");
        framework.installer.distrust(framework.installer.trusted().get(0).sha256(), "admin");
        assertThatThrownBy(() -> framework.installer.rollback(PluginJar.NAME, "admin"))
                .isInstanceOf(PluginRefusedException.class)
                .hasMessageContaining("not trusted any more");
        assertThat(framework.serving()).containsExactly("1.1.0");
    }

    @Test
    void anUnsignedPluginIsTakenOnlyWhenThatIsSaid() throws Exception {
        framework.installer.install(file(PluginJar.sample("1.0.0").bytes()), true, "admin");
        assertThat(framework.serving()).containsExactly("1.0.0");
        assertThat(plugin().current().signer()).isEmpty();
    }

    @Test
    void whatWasAlteredAfterSigningIsRefused() {
        assertRefused(
                Tampering.content(signed("1.0.0"), "org/nxvms/plugins/sample/SampleDriver.class"),
                PluginRefusedException.Kind.SIGNATURE,
                "signature",
                "altered after it was signed");
        assertRefused(
                Tampering.added(signed("1.0.0"), "org/example/Evil.class"),
                PluginRefusedException.Kind.SIGNATURE,
                "signature",
                "org/example/Evil.class is not covered");
        assertRefused(
                Tampering.manifest(signed("1.0.0"), "Bundle-Version: 1.0.0", "Bundle-Version: 9.0.0"),
                PluginRefusedException.Kind.SIGNATURE,
                "signature",
                "altered after it was signed");
        assertRefused(
                Tampering.unsigned(signed("1.0.0")),
                PluginRefusedException.Kind.SIGNATURE,
                "signature",
                "Nobody signed");
    }
}
