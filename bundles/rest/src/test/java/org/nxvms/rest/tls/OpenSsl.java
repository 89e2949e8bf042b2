// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Certificates as administrators get them: made by OpenSSL, in one folder. */
final class OpenSsl {
    private final Path folder;

    OpenSsl(Path folder) {
        this.folder = folder;
    }

    String run(String... arguments) throws IOException, InterruptedException {
        Path log = folder.resolve("openssl.log");
        List<String> command = new ArrayList<>(List.of("openssl"));
        command.addAll(List.of(arguments));
        Process openssl = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        if (!openssl.waitFor(60, TimeUnit.SECONDS) || openssl.exitValue() != 0) {
            throw new IllegalStateException(command + ": " + Files.readString(log));
        }
        return Files.readString(log);
    }

    /** An authority {@code ca.pem}, {@code ca.key}. */
    void authority() throws IOException, InterruptedException {
        run(
                "req",
                "-x509",
                "-newkey",
                "ec",
                "-pkeyopt",
                "ec_paramgen_curve:P-256",
                "-nodes",
                "-days",
                "30",
                "-subj",
                "/CN=Authority",
                "-keyout",
                "ca.key",
                "-out",
                "ca.pem");
    }

    /** A certificate {@code NAME.pem} and key {@code NAME.key} of that authority. */
    void issued(String name, String... keyOptions) throws IOException, InterruptedException {
        List<String> request = new ArrayList<>(List.of("req", "-new", "-nodes", "-subj", "/CN=" + name));
        request.addAll(List.of(keyOptions));
        request.addAll(List.of("-keyout", name + ".key", "-out", name + ".csr"));
        run(request.toArray(String[]::new));
        run(
                "x509",
                "-req",
                "-in",
                name + ".csr",
                "-CA",
                "ca.pem",
                "-CAkey",
                "ca.key",
                "-CAcreateserial",
                "-days",
                "20",
                "-out",
                name + ".pem");
    }

    String text(String... names) throws IOException {
        StringBuilder all = new StringBuilder();
        for (String name : names) {
            all.append(Files.readString(folder.resolve(name)));
        }
        return all.toString();
    }
}
