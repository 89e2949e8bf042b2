// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.turn;

import java.lang.annotation.Annotation;
import java.time.Instant;
import org.nxvms.platform.api.security.SecretVault;
import org.nxvms.test.kit.BindingVault;
import org.nxvms.test.kit.KeptSettings;

/** Settings of relays, and where they are kept. */
public final class TurnScene {
    /** Of the stage's user, an hour after the clock. */
    public static final String USERNAME = "1795752000:00000000-0000-0007-0000-000000000007";
    /** {@code printf %s USERNAME | openssl dgst -sha1 -hmac north -binary | base64}. */
    public static final String CREDENTIAL = "9MdHW6RVc35m7NcwUYKu+Zl6HhM=";

    static final Instant NOW = Instant.ofEpochSecond(1_795_752_000L - 3_600);

    static final SecretVault VAULT = new BindingVault();

    final KeptSettings settings = new KeptSettings();

    public static TurnServers relays() {
        return new TurnScene().servers("north", "stun:stun.example.com", "turn:turn.example.com:3478?transport=udp");
    }

    TurnServers servers(String secret, String... uris) {
        return new TurnServers(config(secret, uris), VAULT, settings.admin(), () -> NOW);
    }

    private static TurnServers.Config config(String secret, String... uris) {
        return new TurnServers.Config() {
            @Override
            public String[] servers() {
                return uris.clone();
            }

            @Override
            public String secret() {
                return secret;
            }

            @Override
            public int lifetimeSeconds() {
                return 3_600;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return TurnServers.Config.class;
            }
        };
    }
}
