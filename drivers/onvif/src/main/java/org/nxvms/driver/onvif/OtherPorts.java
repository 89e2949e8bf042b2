// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import org.nxvms.driver.kit.http.DeviceHttp;
import org.nxvms.driver.kit.http.DeviceHttp.Ask;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;

/**
 * What of a device is at another port than its Device service. The port that was typed goes first: behind a router the told one
 * is another device's, or nobody's. Where nothing that speaks SOAP answers there, and something does at the told port of the
 * same host, it is that; found out without a login, once a session and port. One thread at a time.
 */
final class OtherPorts {
    /** Somebody who is there answers at once; a port that swallows everything must not hold up the session for long. */
    private static final int LOOK_MS_MAX = 3_000;

    private static final int ANSWER_MAX = 256 << 10;
    private static final int PORT_MAX = 65_535;
    private static final Pattern DIGEST = Pattern.compile("(^|,)\\s*Digest\\s", Pattern.CASE_INSENSITIVE);

    private final DeviceHttp http;
    private final Map<Integer, Boolean> known = new HashMap<>();

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
        Boolean there = known.get(port);
        if (there == null) {
            // Who says nothing here may be slow; a stranger at the told port of a router must not be taken for it.
            there = !isHere(path) && isThere(":" + port + path);
            known.put(port, there);
        }
        return there ? ":" + port + path : path;
    }

    /** {@return whether a status says that there is nothing at a path} */
    static boolean isNothing(int status) {
        return status == 404 || status == 405 || status == 410 || status == 501;
    }

    /** {@return the port of an address, if it is another one than ours, of the same scheme} */
    static OptionalInt other(URI ours, String address) {
        try {
            URI told = new URI(address);
            boolean other = told.getHost() != null
                    && ours.getScheme().equalsIgnoreCase(told.getScheme())
                    && port(told) != port(ours)
                    && port(told) <= PORT_MAX;
            return other ? OptionalInt.of(port(told)) : OptionalInt.empty();
        } catch (URISyntaxException none) {
            return OptionalInt.empty();
        }
    }

    private static int port(URI uri) {
        return uri.getPort() > 0 ? uri.getPort() : "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
    }

    /**
     * {@return whether a service is where we were sent} A fault, a refusal, and a busy one, too, say so; a page that is shown for
     * all does not. Nothing that is answered is no answer that there is none.
     */
    private boolean isHere(String path) throws DriverException {
        try {
            HttpResponse<byte[]> answer = ask(path);
            return answer.statusCode() == 200 ? isEnvelope(answer) : !isNothing(answer.statusCode());
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
                        Math.min(LOOK_MS_MAX, http.timeoutMs())),
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
