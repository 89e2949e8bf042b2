// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook.settings;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.nxvms.platform.api.event.EventFilter;
import org.nxvms.platform.api.event.EventSeverity;
import org.nxvms.platform.api.network.AddressRule;

/**
 * What an administrator decides about one endpoint; see {@code EndpointConfig} for meanings and units.
 *
 * @param secret sealed, or as it was written into a file by hand
 * @param headers likewise; see {@link ExtraHeaders}
 */
public record Settings(
        String name, URI url, boolean enabled, EventFilter filter, int timeoutMs, String secret, String headers) {
    public static final String NAME = "name";
    public static final String URL = "url";
    public static final String ENABLED = "enabled";
    public static final String KINDS = "kinds";
    public static final String CAMERAS = "cameras";
    public static final String SEVERITY = "severity";
    public static final String TIMEOUT_MS = "timeoutMs";
    public static final String SECRET = "secret";
    public static final String HEADERS = "headers";

    public static final int TIMEOUT_MS_MIN = 100;
    public static final int TIMEOUT_MS_MAX = 60_000;
    public static final int TIMEOUT_MS_DEFAULT = 10_000;
    private static final int URL_CHARS_MAX = 2_000;
    private static final AddressRule NEVER = new AddressRule(true, true);
    private static final Pattern NAME_FORM = Pattern.compile("[a-z0-9_-]{1,40}");

    /** @throws IllegalArgumentException beginning with the field that cannot work */
    public Settings {
        checkName(name);
        check(
                timeoutMs >= TIMEOUT_MS_MIN && timeoutMs <= TIMEOUT_MS_MAX,
                TIMEOUT_MS + " must be " + TIMEOUT_MS_MIN + ".." + TIMEOUT_MS_MAX + ", not " + timeoutMs);
    }

    /**
     * Reads them as they stand in a file.
     *
     * @param value by key; null where there is none
     * @throws IllegalArgumentException beginning with the key that cannot work; quotes nothing that may be secret
     */
    public static Settings of(UnaryOperator<String> value) {
        return new Settings(
                text(value, NAME),
                url(text(value, URL)),
                flag(text(value, ENABLED)),
                filter(words(text(value, KINDS)), words(text(value, CAMERAS)), text(value, SEVERITY)),
                timeout(text(value, TIMEOUT_MS)),
                text(value, SECRET),
                text(value, HEADERS));
    }

    /** {@return whether the framework is to fill in something: then the file alone does not say what is sent} */
    public boolean hasPlaceholder() {
        return secret.contains("${") || headers.contains("${");
    }

    private static String text(UnaryOperator<String> value, String key) {
        String text = value.apply(key);
        return text == null ? "" : text.strip();
    }

    /** @throws IllegalArgumentException when it is no name of an endpoint */
    public static void checkName(String name) {
        check(NAME_FORM.matcher(name).matches(), NAME + " must be 1 to 40 of a-z 0-9 _ -");
    }

    /** @throws IllegalArgumentException when nothing can be sent there; quotes nothing of it, since it may hold a token */
    public static URI url(String text) {
        try {
            check(
                    !text.isEmpty() && text.length() <= URL_CHARS_MAX,
                    "url must have 1 to " + URL_CHARS_MAX + " characters");
            URI url = new URI(text);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            check(
                    Set.of("http", "https").contains(scheme) && url.getHost() != null,
                    "url must begin with https:// or http:// and a host");
            check(
                    url.getRawUserInfo() == null && url.getRawFragment() == null,
                    "url must have no user, password or fragment; give a login as the header Authorization");
            // What this machine allows, a setting says, and a name is judged when it is connected to.
            NEVER.refusalOf(url.getHost()).ifPresent(refused -> check(false, "url has a host that " + refused.words()));
            check(url.getPort() == -1 || url.getPort() >= 1 && url.getPort() <= 65_535, "url has a port beyond 65535");
            return url;
        } catch (URISyntaxException e) {
            throw new IllegalArgumentException(
                    "url cannot be read: " + e.getReason() + " at character " + e.getIndex());
        }
    }

    /** @throws IllegalArgumentException beginning with the key that cannot work */
    public static EventFilter filter(List<String> kinds, List<String> cameras, String severity) {
        Set<UUID> ids = new LinkedHashSet<>();
        for (String camera : cameras) {
            try {
                ids.add(UUID.fromString(camera));
            } catch (IllegalArgumentException noId) {
                throw new IllegalArgumentException("cameras must be ids of cameras", noId);
            }
        }
        EventSeverity least = severity.isEmpty()
                ? EventSeverity.INFO
                : Arrays.stream(EventSeverity.values())
                        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(severity))
                        .findFirst()
                        .orElseThrow(() -> new IllegalArgumentException("severity must be info, warning or critical"));
        return new EventFilter(OptionalLong.empty(), OptionalLong.empty(), new LinkedHashSet<>(kinds), ids, least);
    }

    private static List<String> words(String text) {
        return text.isEmpty()
                ? List.of()
                : Arrays.stream(text.split(",", -1)).map(String::strip).toList();
    }

    private static boolean flag(String text) {
        check(text.isEmpty() || text.equals("true") || text.equals("false"), "enabled must be true or false");
        return !text.equals("false");
    }

    private static int timeout(String text) {
        try {
            return text.isEmpty() ? TIMEOUT_MS_DEFAULT : Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(TIMEOUT_MS + " must be a whole number", e);
        }
    }

    private static void check(boolean ok, String sentence) {
        if (!ok) {
            throw new IllegalArgumentException(sentence);
        }
    }

    /** Without what may be secret. */
    @Override
    public String toString() {
        return "webhook " + name;
    }
}
