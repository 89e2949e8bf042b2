// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.io.SerializedString;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongConsumer;
import org.nxvms.persistence.MetadataTables.Kind;
import org.nxvms.persistence.MetadataTables.Table;
import org.nxvms.platform.api.backup.BackupException;

/**
 * Rows as text, the same for every database: JSON values one after the other. The first is {@code [format, schema]}, then
 * for each table its name, an array of its columns' names, and an array of values for each row; the last is the number of
 * rows.
 */
final class RowText {
    static final int FORMAT = 1;
    private static final int BATCH = 500;
    private static final int TEXT_LENGTH_MAX = 2_000_000;
    private static final int COLUMNS_MAX = 200;
    /** A bound for a file that says anything; a server notes so much in decades. */
    private static final long ROWS_MAX = 1_000_000_000L;

    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(2)
                    .maxNumberLength(20)
                    .maxNameLength(1)
                    .maxStringLength(TEXT_LENGTH_MAX)
                    .build())
            .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
            .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
            .build();

    private RowText() {}

    /** Of a connection in a transaction that sees one moment. */
    static long write(Connection connection, int schema, OutputStream out, LongConsumer progress)
            throws SQLException, IOException {
        long count = 0;
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.setRootValueSeparator(new SerializedString("\n"));
            json.writeArray(new int[] {FORMAT, schema}, 0, 2);
            for (Table table : MetadataTables.of(connection)) {
                json.writeString(table.name());
                String[] names = table.columns().keySet().toArray(new String[0]);
                json.writeArray(names, 0, names.length);
                List<Kind> kinds = List.copyOf(table.columns().values());
                try (Statement statement = connection.createStatement()) {
                    statement.setFetchSize(BATCH);
                    try (ResultSet rows = statement.executeQuery(table.select())) {
                        while (rows.next()) {
                            row(json, rows, kinds);
                            progress.accept(++count);
                        }
                    }
                }
            }
            json.writeNumber(count);
        }
        return count;
    }

    private static void row(JsonGenerator json, ResultSet row, List<Kind> kinds) throws SQLException, IOException {
        json.writeStartArray();
        for (int i = 0; i < kinds.size(); i++) {
            Object value = kinds.get(i).get(row, i + 1);
            if (value == null) {
                json.writeNull();
            } else if (value instanceof String text) {
                json.writeString(text);
            } else if (value instanceof Long number) {
                json.writeNumber(number);
            } else {
                json.writeBoolean((Boolean) value);
            }
        }
        json.writeEndArray();
    }

    /** Makes a database of a schema, empty. */
    interface Maker {
        Connection make(int schema) throws SQLException, BackupException;
    }

    /** Reads rows into a database of the schema they are of. */
    static long read(InputStream in, Maker maker, LongConsumer progress) throws SQLException, IOException {
        try (JsonParser json = JSON.createParser(in)) {
            expect(json, json.nextToken() == JsonToken.START_ARRAY);
            int format = number(json);
            if (format != FORMAT) {
                throw new BackupException("The rows in this backup are of format " + format + ", and this server reads "
                        + FORMAT + ": restore it with the version of NXvms that made it, or a newer one.");
            }
            int schema = number(json);
            expect(json, json.nextToken() == JsonToken.END_ARRAY);
            return new Reading(json, maker.make(schema), progress).run();
        } catch (JsonProcessingException e) {
            throw new BackupException("The rows in this backup cannot be read: " + e.getOriginalMessage() + ".", e);
        }
    }

    private static int number(JsonParser json) throws IOException {
        expect(json, json.nextToken() == JsonToken.VALUE_NUMBER_INT);
        return json.getIntValue();
    }

    private static void expect(JsonParser json, boolean holds) throws BackupException {
        if (!holds) {
            throw new BackupException("The rows in this backup are not in order at line "
                    + json.currentLocation().getLineNr() + ": nothing was restored.");
        }
    }

    private static final class Reading {
        private final JsonParser json;
        private final Connection target;
        private final LongConsumer progress;
        private final Map<String, Table> tables = new LinkedHashMap<>();
        private final Set<String> read = new HashSet<>();
        private long count;

        Reading(JsonParser json, Connection target, LongConsumer progress) throws SQLException {
            this.json = json;
            this.target = target;
            this.progress = progress;
            MetadataTables.of(target).forEach(table -> tables.put(table.name(), table));
        }

        long run() throws SQLException, IOException {
            MetadataRowsCopy.empty(target, List.copyOf(tables.values()));
            JsonToken token = json.nextToken();
            while (token == JsonToken.VALUE_STRING) {
                String name = json.getText();
                Table table = tables.get(name);
                expect(json, table != null && read.add(name));
                List<String> columns = columns(table);
                token = rows(table, columns);
            }
            expect(json, token == JsonToken.VALUE_NUMBER_INT && json.getLongValue() == count);
            return count;
        }

        private List<String> columns(Table table) throws IOException {
            expect(json, json.nextToken() == JsonToken.START_ARRAY);
            List<String> columns = new ArrayList<>();
            while (json.nextToken() == JsonToken.VALUE_STRING) {
                String column = json.getText();
                expect(
                        json,
                        columns.size() < COLUMNS_MAX
                                && table.columns().containsKey(column)
                                && !columns.contains(column));
                columns.add(column);
            }
            expect(json, json.currentToken() == JsonToken.END_ARRAY && !columns.isEmpty());
            return columns;
        }

        /** {@return the token behind the table's rows} */
        private JsonToken rows(Table table, List<String> columns) throws SQLException, IOException {
            List<Kind> kinds = columns.stream().map(table.columns()::get).toList();
            try (PreparedStatement insert = target.prepareStatement(table.insert(columns))) {
                int waiting = 0;
                JsonToken token = json.nextToken();
                while (token == JsonToken.START_ARRAY) {
                    for (int i = 0; i < kinds.size(); i++) {
                        kinds.get(i).set(insert, i + 1, value(kinds.get(i)));
                    }
                    expect(json, json.nextToken() == JsonToken.END_ARRAY && count < ROWS_MAX);
                    insert.addBatch();
                    if (++waiting == BATCH) {
                        insert.executeBatch();
                        waiting = 0;
                    }
                    progress.accept(++count);
                    token = json.nextToken();
                }
                if (waiting > 0) {
                    insert.executeBatch();
                }
                return token;
            } catch (SQLException e) {
                throw new BackupException(
                        "The rows of " + table.name() + " in this backup cannot be those of a server: "
                                + e.getMessage(),
                        e);
            }
        }

        private Object value(Kind kind) throws IOException {
            JsonToken token = json.nextToken();
            if (token == JsonToken.VALUE_NULL) {
                return null;
            }
            switch (kind) {
                case TEXT -> {
                    expect(json, token == JsonToken.VALUE_STRING);
                    String text = json.getText();
                    // PostgreSQL takes it nowhere; H2 would, and the rows shall be good for both.
                    expect(json, text.indexOf(0) < 0);
                    return text;
                }
                case LONG -> {
                    expect(json, token == JsonToken.VALUE_NUMBER_INT);
                    return json.getLongValue();
                }
                case INT -> {
                    expect(json, token == JsonToken.VALUE_NUMBER_INT);
                    return (long) json.getIntValue();
                }
                default -> {
                    expect(json, token == JsonToken.VALUE_TRUE || token == JsonToken.VALUE_FALSE);
                    return json.getBooleanValue();
                }
            }
        }
    }
}
