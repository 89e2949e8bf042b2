// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.tls;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** The key store from which the web server takes certificate and key: {@code keys/https.p12}. One thread. */
final class HttpsStore {
    private static final String ALIAS = "https";
    private static final String TYPE = "PKCS12";

    private final Path file;
    private final Path passwordFile;

    HttpsStore(Path keys) {
        file = keys.resolve("https.p12");
        passwordFile = keys.resolve("https-password");
    }

    Path file() {
        return file;
    }

    /** {@return the chain the web server shows, its own certificate first} */
    List<X509Certificate> chain() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(TYPE);
        try (InputStream in = Files.newInputStream(file)) {
            store.load(in, password());
        }
        Certificate[] chain = store.getCertificateChain(ALIAS);
        if (chain == null) {
            throw new GeneralSecurityException(file + " has no entry \"" + ALIAS + "\" with a key");
        }
        return Arrays.stream(chain).map(X509Certificate.class::cast).toList();
    }

    /** Puts another certificate in its place; whole or not at all. The web server sees it within a second or two. */
    void replace(PemPair pair) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance(TYPE);
        char[] password = password();
        store.load(null, password);
        store.setKeyEntry(ALIAS, pair.key(), password, pair.chain().toArray(Certificate[]::new));
        Path next = file.resolveSibling(file.getFileName() + ".next");
        Files.deleteIfExists(next);
        try (FileChannel channel = FileChannel.open(
                        next,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
                OutputStream out = Channels.newOutputStream(channel)) {
            store.store(out, password);
            channel.force(true);
        }
        Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.getParent())) {
            folder.force(true);
        }
    }

    private char[] password() throws IOException {
        return Files.readString(passwordFile, StandardCharsets.US_ASCII).strip().toCharArray();
    }
}
