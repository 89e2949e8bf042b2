// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.conformance.flawed;

import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.nxvms.driver.spi.CameraSession;
import org.nxvms.driver.spi.DeviceTarget;
import org.nxvms.driver.spi.DriverException;
import org.nxvms.driver.spi.DriverException.Kind;
import org.nxvms.driver.spi.StreamEndpoint;
import org.nxvms.driver.spi.StreamOffer;
import org.nxvms.media.StreamRole;

/** Trust in devices. */
final class LimitFlaws {
    static final Map<String, Flaw> BY_RULE = new HashMap<>();

    private static final int TIMEOUT_MS = 800;

    static {
        for (String rule : new String[] {
            "limits.garbage",
            "limits.endless-header",
            "limits.endless-headers",
            "limits.false-length",
            "limits.deep-json",
            "limits.deep-xml",
            "limits.breaks-off"
        }) {
            BY_RULE.put(rule, LimitFlaws::credulous);
        }
        BY_RULE.put("limits.endless-body", LimitFlaws::greedy);
        BY_RULE.put("limits.redirect", LimitFlaws::obedient);
        BY_RULE.put("limits.external-entity", LimitFlaws::curious);
    }

    private LimitFlaws() {}

    /** Whatever the device says, a stream is where it always is. */
    private static Object credulous(Visit visit) throws Throwable {
        try {
            return visit.go();
        } catch (DriverException noAnswer) {
            return CameraSession.ofKnown(List.of(new StreamOffer(
                    StreamRole.MAIN,
                    "main",
                    StreamEndpoint.rtspOverTcp(URI.create("rtsp://127.0.0.1/main"), Optional.empty()))));
        }
    }

    private static HttpURLConnection connection(URI uri) throws Exception {
        HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
        connection.setConnectTimeout(TIMEOUT_MS);
        connection.setReadTimeout(TIMEOUT_MS);
        connection.setInstanceFollowRedirects(false);
        return connection;
    }

    /** Reads to the end. */
    private static Object greedy(Visit visit) throws Throwable {
        if (visit.is("open")) {
            try (InputStream in =
                    connection(visit.<DeviceTarget>argument(0).address()).getInputStream()) {
                in.readAllBytes();
            } catch (java.io.IOException failed) {
                throw new DriverException(Kind.PROTOCOL, "The answer cannot be read.");
            }
        }
        return visit.go();
    }

    /** Goes where it is sent, with the login. */
    private static Object obedient(Visit visit) throws Throwable {
        if (visit.is("open")) {
            URI there = visit.<DeviceTarget>argument(0).address();
            for (int hops = 0; hops < 2; hops++) {
                HttpURLConnection connection = connection(there);
                connection.setRequestProperty("Authorization", "Basic a2l0OmtpdA==");
                try {
                    String location = connection.getHeaderField("Location");
                    there = location == null ? there : URI.create(location);
                } finally {
                    connection.disconnect();
                }
            }
        }
        return visit.go();
    }

    /** Reads XML with all that XML has. */
    private static Object curious(Visit visit) throws Throwable {
        if (visit.is("open")) {
            try (InputStream in =
                    connection(visit.<DeviceTarget>argument(0).address()).getInputStream()) {
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(in);
            } catch (java.io.IOException | org.xml.sax.SAXException noXml) {
                throw new DriverException(Kind.PROTOCOL, "The answer is no XML.");
            }
        }
        return visit.go();
    }
}
