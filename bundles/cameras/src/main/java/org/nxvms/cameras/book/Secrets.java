// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.nxvms.driver.spi.Credentials;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamEndpoint.Transport;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;
import org.nxvms.platform.api.StoreException;
import org.nxvms.platform.api.camera.Camera;
import org.nxvms.platform.api.camera.CameraStore.StoredCamera;
import org.nxvms.platform.api.security.SecretVault;

/**
 * What of a camera may be stored only sealed: its password, the secrets among its settings, and its last known
 * endpoints, which hold them too. Any thread; the vault may come and go.
 */
public final class Secrets {
    /** Of the JSON inside the seal; a reader skips what it does not know. */
    private static final int FORMAT = 1;

    /** Before the sealed password of a camera that was followed to an address which nobody entered it for. */
    private static final String DIGEST_ONLY = "digest-only:";

    private static final ObjectMapper JSON = new ObjectMapper();

    private volatile SecretVault vault;

    public void vault(SecretVault now) {
        vault = now;
    }

    /** Forgets a vault, unless another has taken its place. */
    public void vaultGone(SecretVault gone) {
        if (vault == gone) {
            vault = null;
        }
    }

    public boolean available() {
        return vault != null;
    }

    /** @throws StoreException while there is no vault */
    public String sealPassword(UUID camera, String password) {
        return vaultNow().seal(password, passwordPurpose(camera));
    }

    /**
     * What to log in with.
     *
     * @throws StoreException while there is no vault
     * @throws IllegalArgumentException when the stored password was not sealed by this server's key
     */
    public Optional<Credentials> credentials(StoredCamera stored) {
        UUID id = stored.camera().id();
        Optional<String> username = stored.camera().username();
        if (username.isEmpty()) {
            return Optional.empty();
        }
        if (stored.sealedPassword().isEmpty()) {
            return Optional.of(new Credentials(username.get(), ""));
        }
        String kept = stored.sealedPassword().get();
        boolean digestOnly = isOnlyByDigest(stored);
        String password =
                vaultNow().open(digestOnly ? kept.substring(DIGEST_ONLY.length()) : kept, passwordPurpose(id));
        return Optional.of(new Credentials(username.get(), password, digestOnly));
    }

    /** {@return a sealed password that may only be shown by Digest from now on, until another one is entered} */
    static String onlyByDigest(String password) {
        return password.startsWith(DIGEST_ONLY) ? password : DIGEST_ONLY + password;
    }

    /** {@return whether a camera's password may only be shown by Digest} */
    static boolean isOnlyByDigest(StoredCamera stored) {
        return stored.sealedPassword()
                .filter(password -> password.startsWith(DIGEST_ONLY))
                .isPresent();
    }

    /**
     * {@return the settings with the secret ones sealed; what is sealed already stays}
     *
     * @throws StoreException while there is no vault and one is to be sealed
     */
    public Map<String, String> sealSettings(UUID camera, Map<String, String> settings, Set<String> secret) {
        Map<String, String> sealed = new HashMap<>(settings);
        sealed.replaceAll((name, value) -> !secret.contains(name) || SealedSettings.isSealed(value)
                ? value
                : SealedSettings.MARK + vaultNow().seal(value, settingPurpose(camera, name)));
        return sealed;
    }

    /**
     * {@return the settings with all secrets in the clear}
     *
     * @throws StoreException while there is no vault and one is to be opened
     * @throws IllegalArgumentException when one was not sealed by this server's key
     */
    public Map<String, String> settings(UUID camera, Map<String, String> settings) {
        Map<String, String> open = new HashMap<>(settings);
        open.replaceAll((name, value) -> SealedSettings.isSealed(value)
                ? vaultNow().open(value.substring(SealedSettings.MARK.length()), settingPurpose(camera, name))
                : value);
        return open;
    }

    /**
     * {@return a camera's device, with all that is needed to log in}
     *
     * @throws StoreException while there is no vault and something is to be opened
     * @throws IllegalArgumentException when something was not sealed by this server's key
     */
    public DeviceTarget target(StoredCamera stored, int timeoutMs) {
        Camera camera = stored.camera();
        return new DeviceTarget(
                camera.address(),
                camera.subAddress(),
                credentials(stored),
                settings(camera.id(), camera.settings()),
                timeoutMs);
    }

    /** @throws StoreException while there is no vault */
    public String sealEndpoints(UUID camera, List<StreamOffer> offers) {
        ObjectNode all = JSON.createObjectNode().put("format", FORMAT);
        ArrayNode streams = all.putArray("streams");
        for (StreamOffer offer : offers) {
            ObjectNode stream = streams.addObject()
                    .put("role", offer.role().id())
                    .put("name", offer.name())
                    .put("uri", offer.endpoint().uri().toString());
            offer.endpoint().credentials().ifPresent(credentials -> stream.put("username", credentials.username())
                    .put("password", credentials.password())
                    .put("digestOnly", credentials.digestOnly()));
            ArrayNode transports = stream.putArray("transports");
            offer.endpoint().transports().forEach(transport -> transports.add(transport.name()));
            ObjectNode quirks = stream.putObject("quirks");
            offer.endpoint().quirks().forEach(quirks::put);
        }
        return vaultNow().seal(all.toString(), endpointsPurpose(camera));
    }

    /**
     * Endpoints sealed earlier. Roles and transports that only a newer version knows are left out.
     *
     * @throws StoreException while there is no vault
     * @throws IllegalArgumentException when the text is not ours
     */
    public List<StreamOffer> openEndpoints(UUID camera, String sealed) {
        String text = vaultNow().open(sealed, endpointsPurpose(camera));
        List<StreamOffer> offers = new ArrayList<>();
        try {
            for (JsonNode stream : JSON.readTree(text).path("streams")) {
                offer(stream).ifPresent(offers::add);
            }
        } catch (JsonProcessingException e) {
            // The parser's message quotes its input, which holds a password.
            throw new IllegalArgumentException("The remembered endpoints are not JSON");
        }
        return offers;
    }

    private static Optional<StreamOffer> offer(JsonNode stream) {
        StreamRole role;
        try {
            role = StreamRole.of(stream.path("role").asText());
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
        List<Transport> transports = new ArrayList<>();
        for (JsonNode name : stream.path("transports")) {
            for (Transport transport : Transport.values()) {
                if (transport.name().equals(name.asText())) {
                    transports.add(transport);
                }
            }
        }
        if (transports.isEmpty()) {
            return Optional.empty();
        }
        Optional<Credentials> credentials = stream.has("username")
                ? Optional.of(new Credentials(
                        stream.path("username").asText(),
                        stream.path("password").asText(),
                        stream.path("digestOnly").asBoolean()))
                : Optional.empty();
        Map<String, String> quirks = new HashMap<>();
        for (Map.Entry<String, JsonNode> quirk : stream.path("quirks").properties()) {
            quirks.put(quirk.getKey(), quirk.getValue().asText());
        }
        return Optional.of(new StreamOffer(
                role,
                stream.path("name").asText(),
                new StreamEndpoint(URI.create(stream.path("uri").asText()), credentials, transports, quirks)));
    }

    private SecretVault vaultNow() {
        SecretVault now = vault;
        if (now == null) {
            throw new StoreException(
                    "The vault that seals passwords is not running at the moment; try again in a few seconds.", null);
        }
        return now;
    }

    private static String passwordPurpose(UUID camera) {
        return "camera/" + camera;
    }

    private static String settingPurpose(UUID camera, String name) {
        return "camera/" + camera + "/settings/" + name;
    }

    private static String endpointsPurpose(UUID camera) {
        return "camera/" + camera + "/endpoints";
    }
}
