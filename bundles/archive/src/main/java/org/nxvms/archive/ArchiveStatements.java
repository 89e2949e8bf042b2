// SPDX-License-Identifier: Apache-2.0
package org.nxvms.archive;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.nxvms.platform.api.archive.Statements;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** Signs what other parts of the server state. What is signed of a JWS has no line break; a checkpoint begins with one line. */
@Component(service = Statements.class)
public final class ArchiveStatements implements Statements {
    private static final Pattern TYPE = Pattern.compile("[a-z0-9+.-]{1,60}");
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final SigningKeys keys;

    @Activate
    public ArchiveStatements(@Reference ChunkArchive archive) {
        this.keys = archive.keys();
    }

    @Override
    public Optional<String> sign(String type, byte[] payload) {
        if (!TYPE.matcher(type).matches()) {
            throw new IllegalArgumentException("type must be 1..60 of a-z, 0-9, +, . and -, not " + type);
        }
        String body = BASE64.encodeToString(payload);
        return keys.signNaming(keyId -> signed(type, keyId, body).getBytes(StandardCharsets.US_ASCII))
                .map(signed -> signed(type, signed.keyId(), body) + "." + BASE64.encodeToString(signed.signature()));
    }

    private static String signed(String type, byte[] keyId, String body) {
        String header =
                "{\"alg\":\"EdDSA\",\"kid\":\"" + HexFormat.of().formatHex(keyId) + "\",\"typ\":\"" + type + "\"}";
        return BASE64.encodeToString(header.getBytes(StandardCharsets.US_ASCII)) + "." + body;
    }
}
