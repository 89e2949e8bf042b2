// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.web;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.nxvms.platform.api.audit.AuditEntry;
import org.nxvms.platform.api.audit.AuditNote;
import org.nxvms.platform.api.audit.AuditStore;
import org.nxvms.rest.kit.json.Json;

/** The audit as a file, page by page: memory does not grow with it. */
final class AuditExport {
    static final int PAGE = 500;
    private static final String HEADER =
            "server,sequence,at,action,done,user,userId,apiKey,address,subject,before,after,hash\r\n";

    private final AuditStore store;
    private final AuditStore.Query first;

    AuditExport(AuditStore store, AuditStore.Query first) {
        this.store = store;
        this.first = first;
    }

    private interface Line {
        void write(AuditEntry entry) throws IOException;
    }

    private void each(Line line) throws IOException {
        // Each page ends further back, and nothing is added there: it comes to an end.
        AuditStore.Query query = first;
        while (true) {
            List<AuditEntry> found = store.find(query);
            for (AuditEntry entry : found) {
                line.write(entry);
            }
            if (found.size() < PAGE) {
                return;
            }
            AuditEntry last = found.get(found.size() - 1);
            query = new AuditStore.Query(
                    query.from(),
                    query.to(),
                    query.user(),
                    query.action(),
                    query.address(),
                    Optional.of(new AuditStore.Position(last.at(), last.serverId(), last.sequence())),
                    PAGE);
        }
    }

    /** Made as a whole before anything is sent: where the database fails amid it there is no file that looks whole. */
    void write(boolean json, OutputStream out) throws IOException {
        Path whole = Files.createTempFile("nxvms-audit-", null);
        try {
            try (OutputStream file = new BufferedOutputStream(Files.newOutputStream(whole))) {
                if (json) {
                    json(file);
                } else {
                    csv(file);
                }
            }
            Files.copy(whole, out);
        } finally {
            Files.deleteIfExists(whole);
        }
    }

    private void json(OutputStream out) throws IOException {
        try (JsonGenerator json = Json.mapper().createGenerator(out)) {
            json.writeStartArray();
            each(entry -> json.writeObject(AuditView.of(entry)));
            json.writeEndArray();
        }
    }

    /** RFC 4180; what a spreadsheet would take for a formula is made a text. */
    private void csv(OutputStream out) throws IOException {
        Writer text = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        text.write(HEADER);
        each(entry -> text.write(line(entry)));
        text.flush();
    }

    private static String line(AuditEntry entry) {
        AuditNote note = entry.note();
        return List.of(
                                entry.serverId().toString(),
                                Long.toString(entry.sequence()),
                                entry.at().toString(),
                                note.action(),
                                Boolean.toString(note.done()),
                                note.actor().name(),
                                note.actor().userId().map(UUID::toString).orElse(""),
                                note.actor().apiKey().map(UUID::toString).orElse(""),
                                note.actor().address(),
                                note.subject(),
                                fields(note.before()),
                                fields(note.after()),
                                entry.hash())
                        .stream()
                        .map(AuditExport::cell)
                        .collect(Collectors.joining(","))
                + "\r\n";
    }

    private static String fields(Map<String, String> fields) {
        return new TreeMap<>(fields)
                .entrySet().stream()
                        .map(field -> field.getKey() + "=" + field.getValue())
                        .collect(Collectors.joining("; "));
    }

    private static String cell(String text) {
        String safe = !text.isEmpty() && "=+-@\t\r".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return safe.matches("[\\w.:/-]*") ? safe : '"' + safe.replace("\"", "\"\"") + '"';
    }
}
