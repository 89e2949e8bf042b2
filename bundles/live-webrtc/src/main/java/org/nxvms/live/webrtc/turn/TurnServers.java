// SPDX-License-Identifier: Apache-2.0
package org.nxvms.live.webrtc.turn;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.nxvms.platform.api.security.SecretVault;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.AttributeType;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The relays that players are told, each player with a name and a password of its own (draft-uberti-behave-turn-rest 2.2): the name
 * says when it ends, the password is an HMAC of it by a secret that the relay knows too. Nothing is asked of the relay. Settings of
 * its own: changing them sends nobody away who watches. Any thread.
 */
@Component(service = TurnServers.class, configurationPid = TurnServers.PID)
@Designate(ocd = TurnServers.Config.class)
public final class TurnServers {
    static final String PID = "org.nxvms.live.webrtc.turn";

    private static final Logger LOG = LoggerFactory.getLogger(TurnServers.class);
    private static final int SERVERS_MAX = 8;
    /** RFC 7064 3.1, RFC 7065 3.1; no character that means something in a header. */
    private static final Pattern URI =
            Pattern.compile("stuns?:HOST(:\\d{1,5})?|turns?:HOST(:\\d{1,5})?(\\?transport=(udp|tcp))?"
                    .replace("HOST", "([A-Za-z0-9._-]{1,253}|\\[[0-9A-Fa-f:.]{2,45}])"));

    /** Settings of relays. */
    @ObjectClassDefinition(
            name = "NXvms relays for WebRTC",
            description = "TURN and STUN servers that players are told, for those who reach this machine no other way."
                    + " Applied at once, to players that come")
    @interface Config {
        @AttributeDefinition(
                name = "Servers",
                description = "Such as turn:turn.example.com:3478?transport=udp, turns:turn.example.com:5349,"
                        + " stun:stun.example.com. At most 8, separated by commas")
        String[] servers() default {};

        @AttributeDefinition(
                name = "Shared secret",
                type = AttributeType.PASSWORD,
                description = "The one that the TURN servers know too (coturn: use-auth-secret, static-auth-secret)."
                        + " Replaced in the file by its sealed form. Without it no TURN server is told")
        String secret() default "";

        @AttributeDefinition(
                name = "Lifetime in seconds",
                description = "How long the name and password that a player gets are good. 60..604800",
                min = "60",
                max = "604800")
        int lifetimeSeconds() default 86_400;
    }

    private final List<String> uris;
    private final Optional<SecretKeySpec> secret;
    private final long lifetimeSeconds;
    private final InstantSource clock;

    /** For the component runtime. */
    @Activate
    public TurnServers(Config config, @Reference SecretVault vault, @Reference ConfigurationAdmin admin) {
        this(config, vault, admin, InstantSource.system());
    }

    TurnServers(Config config, SecretVault vault, ConfigurationAdmin admin, InstantSource clock) {
        this.clock = clock;
        TurnSecret sealed = new TurnSecret(vault);
        Optional<SecretKeySpec> opened = Optional.empty();
        try {
            opened = Optional.of(sealed.open(config.secret()))
                    .filter(text -> !text.isBlank())
                    .map(text -> new SecretKeySpec(text.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
        } catch (IllegalArgumentException foreign) {
            LOG.warn("No TURN server is told to players: {} in etc/{}.cfg", foreign.getMessage(), PID);
        }
        secret = opened;
        uris = uris(config.servers(), secret.isPresent());
        lifetimeSeconds = Math.max(60, Math.min(604_800, config.lifetimeSeconds()));
        // Not by the thread that makes this, which ConfigurationAdmin may be waiting for.
        Thread sealing = new Thread(() -> seal(sealed, admin), "nxvms-webrtc-turn");
        sealing.setDaemon(true);
        sealing.start();
    }

    private static void seal(TurnSecret sealed, ConfigurationAdmin admin) {
        try {
            sealed.seal(admin, PID);
        } catch (IOException | RuntimeException e) {
            LOG.warn("secret stands in etc/{}.cfg in the clear: it cannot be sealed there", PID, e);
        }
    }

    private static List<String> uris(String[] texts, boolean withSecret) {
        List<String> good = new ArrayList<>();
        for (String text : texts) {
            String uri = text.trim();
            if (uri.isEmpty()) {
                continue;
            }
            if (good.size() == SERVERS_MAX) {
                LOG.warn("Only the first {} of servers in etc/{}.cfg count", SERVERS_MAX, PID);
                break;
            }
            if (!URI.matcher(uri).matches()) {
                LOG.warn(
                        "\"{}\" of servers in etc/{}.cfg is left out: write it like turn:turn.example.com:3478?transport=udp",
                        uri,
                        PID);
            } else if (uri.startsWith("turn") && !withSecret) {
                LOG.warn("{} is not told to players: secret in etc/{}.cfg is missing", uri, PID);
            } else {
                good.add(uri);
            }
        }
        return List.copyOf(good);
    }

    /** {@return the servers for a user's player, with what it needs there from now on} */
    public List<IceServer> serversFor(UUID userId) {
        Optional<IceServer.Pass> pass = secret.map(key -> pass(key, userId));
        return uris.stream()
                .map(uri -> new IceServer(uri, uri.startsWith("turn") ? pass : Optional.empty()))
                .toList();
    }

    private IceServer.Pass pass(SecretKeySpec key, UUID userId) {
        Instant end = clock.instant().plusSeconds(lifetimeSeconds);
        String username = end.getEpochSecond() + ":" + userId;
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(key);
            byte[] code = mac.doFinal(username.getBytes(StandardCharsets.UTF_8));
            return new IceServer.Pass(username, Base64.getEncoder().encodeToString(code));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA1", e);
        }
    }
}
