// SPDX-License-Identifier: Apache-2.0
package org.nxvms.plugins;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipFile;
import jdk.security.jarsigner.JarSigner;

/** Somebody who signs plugins, with the JDK's own tools. */
final class Vendor {
    private static final char[] PASSWORD = "changeit".toCharArray();

    private final KeyStore.PrivateKeyEntry key;

    private Vendor(KeyStore.PrivateKeyEntry key) {
        this.key = key;
    }

    static Vendor named(String name, Path folder) throws Exception {
        Path store = folder.resolve(name + ".p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-alias",
                        "sign",
                        "-keyalg",
                        "EC",
                        "-groupname",
                        "secp256r1",
                        "-dname",
                        "CN=" + name,
                        "-validity",
                        "30",
                        "-keystore",
                        store.toString(),
                        "-storetype",
                        "PKCS12",
                        "-storepass",
                        new String(PASSWORD))
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!keytool.waitFor(60, TimeUnit.SECONDS) || keytool.exitValue() != 0) {
            throw new IllegalStateException("keytool made no key");
        }
        KeyStore keys = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(store)) {
            keys.load(in, PASSWORD);
        }
        return new Vendor((KeyStore.PrivateKeyEntry) keys.getEntry("sign", new KeyStore.PasswordProtection(PASSWORD)));
    }

    byte[] sign(byte[] jar) {
        Path file = null;
        try {
            file = Files.createTempFile("plugin", ".jar");
            Files.write(file, jar);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (ZipFile zip = new ZipFile(file.toFile())) {
                new JarSigner.Builder(key).signerName("VENDOR").build().sign(zip, out);
            }
            Files.delete(file);
            return out.toByteArray();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    String pem() throws Exception {
        return "-----BEGIN CERTIFICATE-----\n"
                + Base64.getMimeEncoder().encodeToString(((X509Certificate) key.getCertificate()).getEncoded())
                + "\n-----END CERTIFICATE-----\n";
    }
}
