// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * What of a device is at another port than its Device service. The port that was typed goes first: behind a router the told one
 * is another device's, or nobody's. Where nothing that speaks SOAP answers there, and something does at the told port of the
 * same host, it is that; found out without a login, once a session, port and beginning of a path. One thread at a time.
 */
final class OtherPorts {
    /** Somebody who is there answers at once; a port that swallows everything must not hold up the session for long. */
    private static final int LOOK_MS_MAX = 3_000;

    private static final int ANSWER_MAX = 256 << 10;
    /** Services, and pull points one after the other, of a device that names each otherwise. */
    private static final int PLACES_MAX = 32;

    private static final Pattern DIGEST = Pattern.compile("(^|,)\\s*Digest\\s", Pattern.CASE_INSENSITIVE);

    private final DeviceHttp http;
    private final Map<Place, Boolean> known = new HashMap<>();

    private record Place(int port, String beginning) {}

    OtherPorts(DeviceHttp http) {
        this.http = http;
    }

    /**
     * {@return where a path is asked for: the path itself, or with a port before it}
     *
     * @param address as the device told it
     * @param path of that
     */
    String target(String address, String path) throws DriverException {
        OptionalInt told = other(http.base(), address);
        if (told.isEmpty()) {
            return path;
        }
        int port = told.getAsInt();
        Place place = new Place(port, beginning(path));
        Boolean there = known.get(place);
        if (there == null) {
            // Who says nothing here may be slow; a stranger at the told port of a router must not be taken for it.
            there = !isHere(path) && isThere(":" + port + path);
            if (known.size() < PLACES_MAX) {
                known.put(place, there);
            }
        }
        return there ? ":" + port + path : path;
    }

    /** {@return the first part of a path}: a server in front of others hands on by it. */
    private static String beginning(String path) {
        int end = path.indexOf('/', 1);
        return path.substring(0, end < 0 ? path.length() : end);
    }

    /** {@return whether a status says that there is nothing at a path} */
    static boolean isNothing(int status) {
        return status == 404 || status == 405 || status == 410 || status == 501;
    }

    /** {@return the port of an address, if it is another one than ours, of the same scheme} */
    static OptionalInt other(URI ours, String address) {
        Optional<ToldAddress> told = ToldAddress.of(address)
                .filter(one -> one.named() && ours.getScheme().equalsIgnoreCase(one.scheme()));
        if (told.isEmpty()) {
            return OptionalInt.empty();
        }
        int port = port(ours, told.get().port().orElse(0));
        return port != port(ours, ours.getPort()) && port <= ToldAddress.PORT_MAX
                ? OptionalInt.of(port)
                : OptionalInt.empty();
    }

    private static int port(URI scheme, int named) {
        return named > 0 ? named : "https".equalsIgnoreCase(scheme.getScheme()) ? 443 : 80;
    }

    /**
     * {@return whether a service is where we were sent} A fault, a refusal, and a busy one, too, say so; a page that is shown for
     * all does not, whatever its status, nor does the way to one, since nobody goes it. Nothing that is answered is no answer that
     * there is none.
     */
    private boolean isHere(String path) throws DriverException {
        try {
            HttpResponse<byte[]> answer = ask(path);
            return switch (answer.statusCode()) {
                case 200, 400, 403, 500 ->
                    answer.headers().firstValue("WWW-Authenticate").isPresent() || isEnvelope(answer);
                default -> answer.statusCode() >= 400 && !isNothing(answer.statusCode());
            };
        } catch (DriverException nobody) {
            requireOpen(nobody);
            return nobody.kind() == Kind.UNREACHABLE;
        }
    }

    /**
     * {@return whether a service is where only the device has sent us} A router's page, too, refuses what it does not know: it
     * counts who speaks SOAP, or wants a login of which no password can be read.
     */
    private boolean isThere(String target) throws DriverException {
        try {
            HttpResponse<byte[]> answer = ask(target);
            return switch (answer.statusCode()) {
                case 401 -> wantsDigest(answer) || isEnvelope(answer);
                case 200, 400, 500 -> isEnvelope(answer);
                default -> false;
            };
        } catch (DriverException nobody) {
            requireOpen(nobody);
            return false;
        }
    }

    private static void requireOpen(DriverException failed) throws DriverException {
        if (failed.kind() == Kind.CLOSED) {
            throw failed;
        }
    }

    private HttpResponse<byte[]> ask(String target) throws DriverException {
        String question = SoapText.envelope("", Service.DEVICE.operation("GetServiceCapabilities", ""));
        return http.exchange(
                new Ask(
                        "POST",
                        target,
                        Map.of("Content-Type", "application/soap+xml; charset=utf-8"),
                        BodyPublishers.ofString(question),
                        false,
                        Math.min(LOOK_MS_MAX, http.timeoutMs()),
                        true),
                ANSWER_MAX);
    }

    private static boolean wantsDigest(HttpResponse<byte[]> answer) {
        return answer.headers().allValues("WWW-Authenticate").stream()
                .anyMatch(challenge -> DIGEST.matcher(challenge).find());
    }

    private static boolean isEnvelope(HttpResponse<byte[]> answer) throws DriverException {
        return XmlNode.read(answer.body()).name().equals("Envelope");
    }
}
