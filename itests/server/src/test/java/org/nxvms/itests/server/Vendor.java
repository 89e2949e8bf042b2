// SPDX-License-Identifier: Apache-2.0
package org.nxvms.itests.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.nxvms.itests.harness.Commands;

/** Somebody who signs plugins, with the commands of the JDK as the guide for drivers shows them. */
final class Vendor {
    private static final String BIN =
            Path.of(System.getProperty("java.home"), "bin").toString() + "/";
    private static final String PASSWORD = "changeit";

    private final Path folder;

    Vendor(Path folder) {
        this.folder = folder;
        Commands.run(
                folder,
                (BIN + "keytool -genkeypair -alias sign -keyalg EC -groupname secp256r1 -dname CN=Vendor -validity 30"
                                + " -keystore vendor.p12 -storepass " + PASSWORD)
                        .split(" "));
        Commands.run(
                folder,
                (BIN + "keytool -exportcert -rfc -alias sign -keystore vendor.p12 -storepass " + PASSWORD
                                + " -file vendor.pem")
                        .split(" "));
    }

    /** {@return the certificate as PEM} */
    Path certificate() {
        return folder.resolve("vendor.pem");
    }

    Path signed(Path jar) {
        Path signed = jar.resolveSibling("signed-" + jar.getFileName());
        Commands.run(
                folder,
                (BIN + "jarsigner -keystore vendor.p12 -storepass " + PASSWORD + " -signedjar " + signed + " " + jar
                                + " sign")
                        .split(" "));
        return signed;
    }

    /** {@return a copy to which somebody added an entry after it was signed} */
    Path tampered(Path signed) throws IOException {
        Path tampered = Files.copy(signed, signed.resolveSibling("tampered-" + signed.getFileName()));
        Files.writeString(folder.resolve("added.txt"), "added");
        Commands.run(folder, BIN + "jar", "uf", tampered.toString(), "added.txt");
        return tampered;
    }
}
