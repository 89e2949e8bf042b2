// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nxvms.itests.harness.Commands;

/** A certificate authority that the server trusts. */
final class Authority {
    private static final String CURVE = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes";

    private final Path folder;

    Authority(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
        run("openssl req -x509 " + CURVE + " -days 30 -subj /CN=Authority -keyout ca.key -out ca.pem");
        run(Path.of(System.getProperty("java.home"), "bin", "keytool")
                + " -importcert -noprompt -alias ca -file ca.pem -keystore trust.p12 -storepass changeit");
    }

    /** {@return what makes a JVM trust it} */
    String javaOptions() {
        return "-Djavax.net.ssl.trustStore=" + folder.resolve("trust.p12")
                + " -Djavax.net.ssl.trustStorePassword=changeit";
    }

    Path certificate() {
        return folder.resolve("ca.pem");
    }

    /** Lays certificate and key of a server on this machine into a folder: {@code NAME.pem}, {@code NAME.key}. */
    void issue(String name, Path target) throws IOException {
        Path key = target.resolve(name + ".key");
        Path request = target.resolve(name + ".csr");
        Path names = Files.writeString(target.resolve(name + ".cnf"), "subjectAltName=IP:127.0.0.1\n");
        run("openssl req -new " + CURVE + " -subj /CN=" + name + " -keyout " + key + " -out " + request);
        run("openssl x509 -req -in " + request + " -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -extfile " + names
                + " -out " + target.resolve(name + ".pem"));
    }

    /** Lays certificate, chain and key of a name where the server looks for them. */
    void certify(String name, Path keys) throws IOException {
        run("openssl req -new " + CURVE + " -subj /CN=" + name + " -keyout own.key -out own.csr");
        run("openssl x509 -req -in own.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 20 -out own.pem");
        Files.writeString(
                keys.resolve("https-cert.pem"),
                Files.readString(folder.resolve("own.pem")) + Files.readString(folder.resolve("ca.pem")));
        Files.copy(folder.resolve("own.key"), keys.resolve("https-key.pem"));
    }

    private void run(String command) {
        Commands.run(folder, command.split(" "));
    }
}
