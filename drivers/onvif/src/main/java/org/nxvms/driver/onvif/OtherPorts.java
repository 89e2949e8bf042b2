// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.onvif;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalInt;
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

    private final DeviceHttp http;
    private final Map<Integer, Boolean> isThere = new HashMap<>();

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
        Boolean known = isThere.get(port);
        if (known == null) {
            // Who says nothing here may be slow; a stranger at the told port of a router must not be taken for it.
            known = !speaks(path, true) && speaks(":" + port + path, false);
            isThere.put(port, known);
        }
        return known ? ":" + port + path : path;
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
     * {@return whether a service is there} A fault, a refusal, and a busy one, too, say so; a page that is shown for all does
     * not.
     *
     * @param silent what counts when nothing is answered
     */
    private boolean speaks(String target, boolean silent) throws DriverException {
        String question = SoapText.envelope("", Service.DEVICE.operation("GetServiceCapabilities", ""));
        Ask ask = new Ask(
                "POST",
                target,
                Map.of("Content-Type", "application/soap+xml; charset=utf-8"),
                BodyPublishers.ofString(question),
                false,
                Math.min(LOOK_MS_MAX, http.timeoutMs()));
        try {
            HttpResponse<byte[]> answer = http.exchange(ask, ANSWER_MAX);
            return answer.statusCode() == 200 ? isEnvelope(answer) : !isNothing(answer.statusCode());
        } catch (DriverException nobody) {
            if (nobody.kind() == Kind.CLOSED) {
                throw nobody;
            }
            return silent && nobody.kind() == Kind.UNREACHABLE;
        }
    }

    private static boolean isEnvelope(HttpResponse<byte[]> answer) throws DriverException {
        return XmlNode.read(answer.body()).name().equals("Envelope");
    }
}
