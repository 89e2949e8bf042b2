// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.book;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.nxvms.cameras.drivers.DeviceDoor;
import org.nxvms.driver.spi.DriverInfo;
import org.nxvms.platform.api.camera.CameraDraft;
import org.nxvms.platform.api.camera.InvalidCameraException;
import org.nxvms.platform.api.network.AddressRule;

/**
 * What a camera's configuration must obey, whatever its driver. Collects every field that cannot work,
 * so that a form shows all its errors at once; answers with the draft as it will be stored: trimmed,
 * and with {@code user:password@} moved from the address to the credentials.
 */
public final class DraftRules {
    /** Schemes of what is no host. */
    private static final Set<String> OF_THIS_SERVER = Set.of("file", "v4l2");

    static final int NAME_MAX = 100;
    static final int GROUP_MAX = 100;
    static final int ADDRESS_MAX = 1_000;
    static final int USERNAME_MAX = 100;
    static final int PASSWORD_MAX = 200;
    static final int SETTINGS_MAX = 32;
    static final int SETTING_VALUE_MAX = 500;
    private static final Pattern SETTING_NAME = Pattern.compile("[A-Za-z0-9._-]{1,64}");
    private static final Pattern DRIVER_ID = Pattern.compile("[a-z0-9-]{1,40}");

    private final Map<String, String> errors = new LinkedHashMap<>();
    private final CameraDraft draft;
    private final AddressRule hosts;
    private Optional<String> username;
    private Optional<String> password;

    private DraftRules(CameraDraft draft, AddressRule hosts) {
        this.draft = draft;
        this.hosts = hosts;
        this.username = draft.username().map(String::trim).filter(s -> !s.isEmpty());
        this.password = draft.password();
    }

    /**
     * @param driver what the camera's driver asks for; empty when it is not installed and need not be
     * @param hosts which of them devices may have; names are looked up by who connects
     * @throws InvalidCameraException naming each field that cannot work
     */
    public static CameraDraft check(CameraDraft draft, Optional<DriverInfo> driver, AddressRule hosts)
            throws InvalidCameraException {
        return new DraftRules(draft, hosts).check(driver);
    }

    private CameraDraft check(Optional<DriverInfo> driver) throws InvalidCameraException {
        String name = draft.name().trim();
        checkText("name", name, NAME_MAX, "Give the camera a name");
        Optional<String> group = draft.group().map(String::trim).filter(s -> !s.isEmpty());
        group.ifPresent(text -> checkText("group", text, GROUP_MAX, ""));
        if (!DRIVER_ID.matcher(draft.driver()).matches()) {
            error("driver", "A driver's id has 1..40 lower-case letters, digits and hyphens, for example rtsp.");
        }
        URI address = checkAddress("address", draft.address(), driver);
        Optional<URI> sub = draft.subAddress().map(typed -> checkAddress("subAddress", typed, driver));
        if (sub.isPresent() && driver.isPresent() && !driver.get().hasSubAddress()) {
            error("subAddress", "The driver " + driver.get().id() + " finds the sub stream by itself; leave it empty.");
        }
        checkCredentials();
        checkSettings();
        if (!errors.isEmpty()) {
            throw new InvalidCameraException(errors);
        }
        return new CameraDraft(
                name,
                draft.driver(),
                address,
                sub,
                username,
                password,
                draft.enabled(),
                group,
                draft.settings(),
                draft.recording());
    }

    private void checkText(String field, String text, int lengthMax, String whenEmpty) {
        if (text.isEmpty()) {
            error(field, whenEmpty + ", at most " + lengthMax + " characters.");
        } else if (text.length() > lengthMax) {
            error(field, "Has " + text.length() + " characters; at most " + lengthMax + " are kept.");
        } else if (text.chars().anyMatch(Character::isISOControl)) {
            error(field, "Must not hold control characters such as tabs or line ends.");
        }
    }

    /** Checks one address; {@return it without user information}. */
    private URI checkAddress(String field, URI typed, Optional<DriverInfo> driver) {
        String scheme = typed.getScheme() == null ? "" : typed.getScheme().toLowerCase(Locale.ROOT);
        List<String> schemes = driver.map(DriverInfo::addressSchemes).orElse(List.of());
        String hint = driver.map(d -> ", for example " + d.addressHint()).orElse("");
        if (typed.toString().length() > ADDRESS_MAX) {
            error(field, "Is longer than " + ADDRESS_MAX + " characters.");
        } else if (scheme.isEmpty() || !schemes.isEmpty() && !schemes.contains(scheme)) {
            String allowed = schemes.isEmpty() ? "a scheme" : String.join(":// or ", schemes) + "://";
            error(field, "Must begin with " + allowed + hint + ".");
        } else if (OF_THIS_SERVER.contains(scheme) && !typed.isOpaque() && typed.getRawAuthority() == null) {
            // A file (RFC 8089 2) or a device names no host; whether it may be read is decided where it is opened.
            return typed;
        } else if (typed.isOpaque() || typed.getRawAuthority() == null) {
            error(field, "Names no host; write " + scheme + "://HOST" + hint + ".");
        } else if (typed.getRawFragment() != null) {
            error(field, "Must not hold a '#'; write %23 where a password or path really has one.");
        } else {
            return moveCredentials(field, typed);
        }
        return typed;
    }

    private URI moveCredentials(String field, URI typed) {
        URI bare = typed;
        String authority = typed.getRawAuthority();
        // The last @: cameras' passwords are often typed unescaped, and a host cannot contain one.
        int at = authority.lastIndexOf('@');
        if (at >= 0) {
            takeUserInformation(field, authority.substring(0, at));
            bare = withAuthority(field, typed, authority.substring(at + 1));
        }
        if (errors.containsKey(field)) {
            return bare;
        }
        if (bare.getHost() == null) {
            error(
                    field,
                    "Has no valid host name or IP address with an optional port; a host name has letters, digits,"
                            + " dots and hyphens, an IPv6 address stands in [brackets].");
        } else if (bare.getPort() == 0 || bare.getPort() > 65_535) {
            error(field, "Has port " + bare.getPort() + "; a port is 1..65535.");
        } else {
            hosts.refusalOf(bare.getHost())
                    .ifPresent(refused -> error(
                            field,
                            "Its host " + refused.words() + "; no camera may be there" + DeviceDoor.hint(refused)
                                    + "."));
        }
        return bare;
    }

    private void takeUserInformation(String field, String information) {
        int colon = information.indexOf(':');
        Optional<String> user = unescape(colon < 0 ? information : information.substring(0, colon));
        Optional<String> secret = colon < 0 ? Optional.empty() : unescape(information.substring(colon + 1));
        if (user.isEmpty() || colon >= 0 && secret.isEmpty()) {
            error(field, "Has a user name or password with a broken % escape; enter them in their own fields.");
        } else if (username.isPresent() && !username.equals(user)
                || password.isPresent() && secret.isPresent() && !password.equals(secret)) {
            error(field, "Holds other credentials than the fields username and password; remove one of the two.");
        } else {
            username = user;
            password = secret.isPresent() ? secret : password;
        }
    }

    private URI withAuthority(String field, URI typed, String authority) {
        try {
            return new URI(typed.getScheme() + "://" + authority
                    + (typed.getRawPath() == null ? "" : typed.getRawPath())
                    + (typed.getRawQuery() == null ? "" : "?" + typed.getRawQuery()));
        } catch (URISyntaxException e) {
            error(field, "Is not an address once user name and password are taken out of it.");
            // Never hand back what may hold a password.
            return URI.create(typed.getScheme() + "://unusable");
        }
    }

    private static Optional<String> unescape(String text) {
        try {
            // URLDecoder would turn + into a space; a URI's user information means the plus sign.
            return Optional.of(URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private void checkCredentials() {
        username.ifPresent(text -> checkText("username", text, USERNAME_MAX, ""));
        if (password.isPresent() && password.get().length() > PASSWORD_MAX) {
            error("password", "Has more than " + PASSWORD_MAX + " characters.");
        } else if (password.isPresent() && password.get().chars().anyMatch(Character::isISOControl)) {
            error("password", "Must not hold control characters such as tabs or line ends.");
        }
        if (password.filter(p -> !p.isEmpty()).isPresent() && username.isEmpty()) {
            error("username", "A password needs a user name.");
        }
    }

    private void checkSettings() {
        if (draft.settings().size() > SETTINGS_MAX) {
            error("settings", "Has more than " + SETTINGS_MAX + " entries.");
        }
        draft.settings().forEach((name, value) -> {
            if (!SETTING_NAME.matcher(name).matches()) {
                error("settings", "A setting's name has 1..64 letters, digits, dots, hyphens and underscores.");
            } else if (value.length() > SETTING_VALUE_MAX && !SealedSettings.isSealed(value)) {
                error("settings." + name, "Is longer than " + SETTING_VALUE_MAX + " characters.");
            }
        });
    }

    private void error(String field, String sentence) {
        errors.putIfAbsent(field, sentence);
    }
}
