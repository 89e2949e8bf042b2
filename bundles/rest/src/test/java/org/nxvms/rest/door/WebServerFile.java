// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.resource.Resource;
import org.eclipse.jetty.xml.XmlConfiguration;

/** The web server as the distribution's etc/jetty.xml has it, on ports that are free. */
final class WebServerFile {
    private static final Path FILE = Path.of("../../karaf-distribution/src/main/resources/etc/jetty.xml");
    private static final String PASSWORD = "0123456789abcdef";

    private WebServerFile() {}

    /** @param more properties of etc/org.ops4j.pax.web.cfg */
    static Server read(Path keyStore, Map<String, String> more) throws Exception {
        Server server = new Server();
        XmlConfiguration file = new XmlConfiguration(Resource.newResource(FILE.toRealPath()));
        Map<String, String> settings = new HashMap<>(Map.of(
                "org.ops4j.pax.web.ssl.keystore", keyStore.toString(),
                "org.ops4j.pax.web.ssl.keystore.password", PASSWORD,
                "org.ops4j.pax.web.listening.addresses", "127.0.0.1",
                "org.osgi.service.http.port", "0",
                "org.osgi.service.http.port.secure", "0"));
        settings.putAll(more);
        file.getProperties().putAll(settings);
        file.configure(server);
        return server;
    }

    /** Puts a certificate where the server looks for it, in one step. */
    static void certify(Path keyStore, String name) throws IOException, InterruptedException {
        Path fresh = keyStore.resolveSibling(name + ".p12");
        Process keytool = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "https",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-keystore",
                        fresh.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!keytool.waitFor(5, TimeUnit.MINUTES) || keytool.exitValue() != 0) {
            throw new IOException("keytool made no certificate");
        }
        Files.move(fresh, keyStore, StandardCopyOption.REPLACE_EXISTING);
    }
}
