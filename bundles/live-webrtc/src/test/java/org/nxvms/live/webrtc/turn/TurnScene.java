// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.turn;

import java.lang.annotation.Annotation;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

/** Settings of relays, where they are kept, and a vault that turns texts round. */
public final class TurnScene {
    /** Of the stage's user, an hour after the clock. */
    public static final String USERNAME = "1795752000:00000000-0000-0007-0000-000000000007";
    /** {@code printf %s USERNAME | openssl dgst -sha1 -hmac north -binary | base64}. */
    public static final String CREDENTIAL = "9MdHW6RVc35m7NcwUYKu+Zl6HhM=";

    static final Instant NOW = Instant.ofEpochSecond(1_795_752_000L - 3_600);

    static final SecretVault VAULT = new SecretVault() {
        @Override
        public String seal(String secret, String purpose) {
            return new StringBuilder(secret).reverse() + "/" + purpose;
        }

        @Override
        public String open(String sealed, String purpose) {
            if (!sealed.endsWith("/" + purpose)) {
                throw new IllegalArgumentException("foreign");
            }
            return new StringBuilder(sealed.substring(0, sealed.length() - purpose.length() - 1))
                    .reverse()
                    .toString();
        }
    };

    final Hashtable<String, Object> written = new Hashtable<>();
    final BlockingQueue<Dictionary<String, Object>> updates = new LinkedBlockingQueue<>();

    public static TurnServers relays() {
        return new TurnScene().servers("north", "stun:stun.example.com", "turn:turn.example.com:3478?transport=udp");
    }

    TurnServers servers(String secret, String... uris) {
        return new TurnServers(config(secret, uris), VAULT, admin(), () -> NOW);
    }

    @SuppressWarnings("unchecked")
    ConfigurationAdmin admin() {
        Configuration configuration = (Configuration) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Configuration.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("update")) {
                        updates.add((Dictionary<String, Object>) arguments[0]);
                        return null;
                    }
                    return new Hashtable<>(written);
                });
        return (ConfigurationAdmin) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class},
                (proxy, method, arguments) -> configuration);
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
