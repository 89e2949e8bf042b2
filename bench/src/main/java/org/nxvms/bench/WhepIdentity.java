// SPDX-License-Identifier: Apache-2.0
package org.nxvms.bench;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.nxvms.itests.harness.Commands;

/** Key and certificate of the bench's viewers, as a browser makes them for itself; all viewers share them. */
record WhepIdentity(AsymmetricKeyParameter key, byte[] certificate) {
    private static final String PASSWORD = "viewers";

    /** Made by the JDK's keytool, in a folder. */
    static WhepIdentity make(Path folder) throws IOException, GeneralSecurityException {
        Path store = folder.resolve("viewers.p12");
        Files.deleteIfExists(store);
        Commands.run(
                folder,
                (Path.of(System.getProperty("java.home"), "bin", "keytool") + " -genkeypair -alias viewer -keyalg EC"
                                + " -groupname secp256r1 -dname CN=viewer -validity 30 -storetype PKCS12 -storepass "
                                + PASSWORD + " -keystore " + store.getFileName())
                        .split(" "));
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD.toCharArray());
        }
        return new WhepIdentity(
                PrivateKeyFactory.createKey(
                        keys.getKey("viewer", PASSWORD.toCharArray()).getEncoded()),
                keys.getCertificate("viewer").getEncoded());
    }

    String fingerprint() {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate);
            return HexFormat.ofDelimiter(":").withUpperCase().formatHex(hash);
        } catch (GeneralSecurityException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
