// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.turn;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays as players are told them, and the secret behind it. */
class TurnServersTest {
    private static final UUID USER = new UUID(7, 7);
    private static final String TURN = "turn:turn.example.com:3478?transport=udp";

    private final TurnScene scene = new TurnScene();

    @TempDir
    private Path folder;

    @Test
    void eachUserGetsANameThatEndsAndAPasswordThatTheRelayCanWorkOut() {
        TurnServers servers = scene.servers("north", TURN, "stun:stun.example.com");
        IceServer.Pass pass = servers.serversFor(USER).get(0).pass().orElseThrow();
        assertThat(pass.username()).isEqualTo(TurnScene.USERNAME);
        assertThat(pass.credential())
                .as("as OpenSSL makes it of name and secret")
                .isEqualTo(TurnScene.CREDENTIAL);
        assertThat(servers.serversFor(new UUID(8, 8))
                        .get(0)
                        .pass()
                        .orElseThrow()
                        .credential())
                .isNotEqualTo(pass.credential());
        assertThat(servers.serversFor(USER).get(1).pass())
                .as("STUN asks for nothing")
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "turn:turn.example.com",
                "turns:192.0.2.7:5349",
                "turn:[2001:db8::7]:3478?transport=tcp",
                "stuns:stun.example.com:5349"
            })
    void theseAreServers(String uri) {
        assertThat(uris(scene.servers("north", uri))).containsExactly(uri);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "turn.example.com",
                "turn:",
                "turn:turn.example.com?transport=sctp",
                "stun:stun.example.com?transport=udp",
                "turn:a>; rel=\"x\"",
                "turn:a\r\nSet-Cookie: b",
                "https://turn.example.com"
            })
    void theseAreLeftOut(String uri) {
        assertThat(uris(scene.servers("north", uri, TURN))).containsExactly(TURN);
    }

    @Test
    void withoutASecretOrWithOneOfAnotherServerNoTurnServerIsTold() {
        assertThat(uris(scene.servers("", TURN, "stun:stun.example.com"))).containsExactly("stun:stun.example.com");
        assertThat(uris(scene.servers("sealed:of another server", TURN))).isEmpty();
    }

    @Test
    void theSecretInTheFileIsSealedAndOpens() throws Exception {
        scene.settings.written.put("secret", "north");
        scene.settings.written.put("lifetimeSeconds", 3_600);
        scene.servers("north", TURN);
        Dictionary<String, Object> sealed = scene.settings.updates.poll(60, TimeUnit.SECONDS);
        assertThat(sealed.get("lifetimeSeconds")).isEqualTo(3_600);
        String stored = sealed.get("secret").toString();
        assertThat(stored).startsWith("sealed:").doesNotContain("north");
        assertThat(scene.servers(stored, TURN)
                        .serversFor(USER)
                        .get(0)
                        .pass()
                        .orElseThrow()
                        .credential())
                .isEqualTo(TurnScene.CREDENTIAL);
    }

    @Test
    void whatIsFilledInFromElsewhereStaysAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve(TurnServers.PID + ".cfg"), "secret = ${env:TURN_SECRET}\n");
        scene.settings.written.put("secret", "north");
        scene.settings.written.put("felix.fileinstall.filename", file.toUri().toString());
        new TurnSecret(TurnScene.VAULT).seal(scene.settings.admin(), TurnServers.PID);
        assertThat(scene.settings.updates).isEmpty();
    }

    private static List<String> uris(TurnServers servers) {
        return servers.serversFor(USER).stream().map(IceServer::uri).toList();
    }
}
