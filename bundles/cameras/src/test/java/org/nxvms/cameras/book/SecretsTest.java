// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.StoreException;
import org.nxvms.test.kit.BindingVault;

/** Endpoints come out of the store equal to what went in, or not at all. */
class SecretsTest {
    private static final UUID CAMERA = UUID.randomUUID();

    private final BindingVault vault = new BindingVault();
    private final Secrets secrets = new Secrets();

    @Test
    void endpointsComeBackEqual() {
        secrets.vault(vault);
        List<StreamOffer> offers = List.of(
                new StreamOffer(
                        StreamRole.MAIN,
                        "/1?a=\"b\"",
                        new StreamEndpoint(
                                URI.create("rtsp://cam/1?x=%20"),
                                Optional.of(new Credentials("admin", "ge\"heim\\")),
                                List.of(Transport.TCP, Transport.UDP),
                                Map.of("keepalive", "options"))),
                new StreamOffer(
                        StreamRole.SUB, "", StreamEndpoint.rtspOverTcp(URI.create("rtsp://cam/2"), Optional.empty())));

        assertThat(secrets.openEndpoints(CAMERA, secrets.sealEndpoints(CAMERA, offers)))
                .isEqualTo(offers);
    }

    @Test
    void whatANewerVersionWroteIsSkipped() {
        secrets.vault(vault);
        String text =
                "{\"format\":9,\"streams\":[{\"role\":\"thermal\",\"uri\":\"rtsp://a/1\",\"transports\":[\"TCP\"]},"
                        + "{\"role\":\"main\",\"name\":\"m\",\"uri\":\"rtsp://a/2\",\"transports\":[\"QUIC\",\"TCP\"]},"
                        + "{\"role\":\"sub\",\"name\":\"s\",\"uri\":\"rtsp://a/3\",\"transports\":[\"QUIC\"]}]}";

        List<StreamOffer> offers = secrets.openEndpoints(CAMERA, vault.seal(text, "camera/" + CAMERA + "/endpoints"));

        assertThat(offers).extracting(StreamOffer::name).containsExactly("m");
        assertThat(offers.get(0).endpoint().transports()).containsExactly(Transport.TCP);
    }

    @Test
    void whatIsNotOursIsRefusedWithoutShowingIt() {
        secrets.vault(vault);

        assertThatThrownBy(() -> secrets.openEndpoints(
                        CAMERA, vault.seal("{\"password\":\"geheim", "camera/" + CAMERA + "/endpoints")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("geheim");
        assertThatThrownBy(() -> secrets.openEndpoints(CAMERA, vault.seal("{}", "camera/other/endpoints")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aVaultThatWasReplacedIsNotForgottenByTheOldOnesGoodbye() {
        secrets.vault(vault);
        BindingVault next = new BindingVault();
        secrets.vault(next);
        secrets.vaultGone(vault);
        assertThat(secrets.available()).isTrue();

        secrets.vaultGone(next);
        assertThatThrownBy(() -> secrets.sealPassword(CAMERA, "x")).isInstanceOf(StoreException.class);
    }
}
