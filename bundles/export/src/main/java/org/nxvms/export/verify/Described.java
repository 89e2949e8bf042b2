// SPDX-License-Identifier: Apache-2.0
package org.nxvms.export.verify;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.nxvms.export.pack.Manifest;
import org.nxvms.export.pack.PieceHashes;
import org.nxvms.platform.api.export.ExportOrder;

/**
 * What a manifest that somebody sent says, as far as it is compared or shown. It is read token by token and the rest left out:
 * a tree of all that may stand in one would fill the server's memory.
 *
 * @param exportId empty when it is no id
 * @param createdBy at most {@link #NAME_CHARS_MAX} characters
 * @param created empty when it is no time
 * @param reason at most {@link #REASON_CHARS_MAX} characters, empty when none was given
 * @param exact whether its pictures are those of the range and no others
 * @param burnedIn whether something is written into pictures, or hidden of them
 * @param sound false when the cameras' sound was left out
 * @param encoded stretches of time whose pictures are not as they were recorded
 * @param files by name, in their order
 */
public record Described(
        Optional<UUID> exportId,
        String createdBy,
        Optional<Instant> created,
        String reason,
        boolean exact,
        boolean burnedIn,
        boolean sound,
        int encoded,
        Map<String, Expected> files) {
    private static final int NAME_CHARS_MAX = 200;
    private static final int REASON_CHARS_MAX = ExportOrder.REASON_CHARS_MAX;
    private static final int NESTING_MAX = 64;
    /** Names of fields are not remembered: who makes them up would fill the memory for names. */
    private static final JsonFactory JSON = JsonFactory.builder()
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(NESTING_MAX)
                    // The pieces of the largest file that a package can have.
                    .maxStringLength(1 << 20)
                    .build())
            .build();

    /** A file as the manifest tells it. */
    record Expected(long bytes, byte[] pieces) {}

    /** A manifest while it is read. */
    private static final class Reading {
        private final JsonParser in;
        private final int filesMax;
        private String format = "";
        private long pieceBytes;
        private String exportId = "";
        private String createdBy = "";
        private String created = "";
        private String reason = "";
        private boolean exact;
        private boolean burnedIn;
        private boolean sound = true;
        private int encoded;
        private Map<String, Expected> files;

        Reading(JsonParser in, int filesMax) {
            this.in = in;
            this.filesMax = filesMax;
        }

        /** {@return whether the token at hand begins an object} */
        private boolean field() throws IOException {
            if (in.nextToken() != JsonToken.FIELD_NAME) {
                return false;
            }
            in.nextToken();
            return true;
        }

        private String text() throws IOException {
            return require(JsonToken.VALUE_STRING).getText();
        }

        private long number() throws IOException {
            return require(JsonToken.VALUE_NUMBER_INT).getLongValue();
        }

        private JsonParser require(JsonToken token) throws IOException {
            if (in.currentToken() != token) {
                throw new JsonParseException(in, "it is of a form that is not known here");
            }
            return in;
        }

        private void all() throws IOException {
            in.nextToken();
            require(JsonToken.START_OBJECT);
            while (field()) {
                switch (in.currentName()) {
                    case "format" -> format = text();
                    case "pieceBytes" -> pieceBytes = number();
                    case "exportId" -> exportId = text();
                    case "createdBy" -> createdBy = text();
                    case "created" -> created = text();
                    case "files" -> files();
                    case "order" -> order();
                    default -> in.skipChildren();
                }
            }
        }

        /** Only shown, so what is of another form is passed over. */
        private void order() throws IOException {
            if (in.currentToken() != JsonToken.START_OBJECT) {
                in.skipChildren();
                return;
            }
            while (field()) {
                switch (in.currentName()) {
                    case "reason" -> reason = word();
                    case "cut" -> exact = ExportOrder.Cut.EXACT.name().equalsIgnoreCase(word());
                    case "overlay" -> burnedIn |= there() > 0;
                    case "masks" -> burnedIn |= there() > 0;
                    case "sound" -> sound = in.currentToken() != JsonToken.VALUE_FALSE;
                    default -> in.skipChildren();
                }
            }
        }

        private String word() throws IOException {
            String text = in.currentToken() == JsonToken.VALUE_STRING ? in.getText() : "";
            in.skipChildren();
            return text;
        }

        /** {@return how many things a list has; 1 for an object} */
        private int there() throws IOException {
            if (in.currentToken() != JsonToken.START_ARRAY) {
                boolean object = in.currentToken() == JsonToken.START_OBJECT;
                in.skipChildren();
                return object ? 1 : 0;
            }
            int count = 0;
            while (in.nextToken() != JsonToken.END_ARRAY) {
                in.skipChildren();
                count++;
            }
            return count;
        }

        private void files() throws IOException {
            require(JsonToken.START_ARRAY);
            if (files != null) {
                throw new JsonParseException(in, "it lists its files twice");
            }
            files = new LinkedHashMap<>();
            while (in.nextToken() == JsonToken.START_OBJECT) {
                file();
                if (files.size() > filesMax) {
                    throw new JsonParseException(in, "it lists more than " + filesMax + " files");
                }
            }
            require(JsonToken.END_ARRAY);
        }

        private void file() throws IOException {
            String name = "";
            long bytes = 0;
            byte[] pieces = new byte[0];
            while (field()) {
                switch (in.currentName()) {
                    case "name" -> name = text();
                    case "bytes" -> bytes = Math.max(0, number());
                    case "pieces" -> pieces = base64(text());
                    case "encoded" -> encoded += there();
                    default -> in.skipChildren();
                }
            }
            if (files.put(name, new Expected(bytes, pieces)) != null) {
                throw new JsonParseException(in, "it lists a file twice");
            }
        }

        private byte[] base64(String text) throws IOException {
            try {
                return Base64.getDecoder().decode(text);
            } catch (IllegalArgumentException notBase64) {
                throw new JsonParseException(in, "hashes in it cannot be read", notBase64);
            }
        }
    }

    /**
     * Reads a manifest.
     *
     * @param filesMax that it may list
     * @throws IOException saying why it is none
     */
    static Described of(byte[] manifest, int filesMax) throws IOException {
        try (JsonParser in = JSON.createParser(manifest)) {
            Reading reading = new Reading(in, filesMax);
            reading.all();
            if (!Manifest.FORMAT.equals(reading.format)
                    || reading.pieceBytes != PieceHashes.PIECE_BYTES
                    || reading.files == null
                    || in.nextToken() != null) {
                throw new JsonParseException(in, "it is of a form that is not known here");
            }
            return new Described(
                    id(reading.exportId),
                    cut(reading.createdBy, NAME_CHARS_MAX),
                    time(reading.created),
                    cut(reading.reason, REASON_CHARS_MAX),
                    reading.exact,
                    reading.burnedIn,
                    reading.sound,
                    reading.encoded,
                    reading.files);
        }
    }

    private static String cut(String text, int charsMax) {
        return text.substring(0, Math.min(text.length(), charsMax));
    }

    private static Optional<UUID> id(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException none) {
            return Optional.empty();
        }
    }

    private static Optional<Instant> time(String text) {
        try {
            return Optional.of(Instant.parse(text));
        } catch (DateTimeException none) {
            return Optional.empty();
        }
    }
}
