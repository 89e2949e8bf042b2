// SPDX-License-Identifier: Apache-2.0
package org.nxvms.rest.door;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an ACME client lays out for its certificate authority (RFC 8555 8.3): files below {@code
 * NXVMS_DATA/acme/.well-known/acme-challenge}, named by tokens.
 */
final class AcmeChallenges {
    private static final Logger LOG = LoggerFactory.getLogger(AcmeChallenges.class);
    private static final String BASE = "/.well-known/acme-challenge/";
    /** A token is base64url (RFC 8555 8.1): no dots and slashes, so that no other file can be meant. */
    private static final Pattern TOKEN = Pattern.compile(Pattern.quote(BASE) + "([A-Za-z0-9_-]{16,128})");
    /** Token and thumbprint are 90 characters or so. */
    private static final int ANSWER_BYTES_MAX = 1024;

    static boolean isMeant(HttpServletRequest request) {
        return request.getRequestURI().startsWith(BASE);
    }

    void answer(HttpServletRequest request, HttpServletResponse response, Optional<Path> dataFolder)
            throws IOException {
        Matcher token = TOKEN.matcher(request.getRequestURI());
        boolean reading =
                request.getMethod().equals("GET") || request.getMethod().equals("HEAD");
        response.setHeader("Cache-Control", "no-store");
        if (!reading || !token.matches() || dataFolder.isEmpty()) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        Path file = dataFolder.get().resolve("acme" + BASE).resolve(token.group(1));
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        byte[] content;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            content = in.readNBytes(ANSWER_BYTES_MAX);
        } catch (IOException e) {
            LOG.warn("{} cannot be read, so no certificate is given out: {}", file, e.toString());
            response.setStatus(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        response.setContentType("application/octet-stream");
        response.setContentLength(content.length);
        response.getOutputStream().write(content);
    }
}
