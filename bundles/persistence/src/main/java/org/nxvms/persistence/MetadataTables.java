// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The tables that belong into a backup, as the database describes them: all but those named here, so that a new table is
 * never forgotten.
 */
final class MetadataTables {
    /**
     * What the volumes know themselves, what happened, who is signed in, what each server writes anew, and packages that no
     * backup holds.
     */
    static final Set<String> LEFT_OUT = Set.of(
            "chunk",
            "chunk_copy",
            "gap",
            "footage_day",
            "volume_usage",
            "rollup_check",
            "event",
            "refresh_token",
            "user_session",
            "server",
            "export_job",
            "flyway_schema_history");

    /** Of this table nothing is ever removed. */
    static final String AUDIT = "audit_entry";

    private MetadataTables() {}

    /** What a column holds; both databases name these alike. */
    enum Kind {
        TEXT(Types.VARCHAR),
        LONG(Types.BIGINT),
        INT(Types.INTEGER),
        FLAG(Types.BOOLEAN);

        private final int type;

        Kind(int type) {
            this.type = type;
        }

        void set(PreparedStatement statement, int index, Object value) throws SQLException {
            if (value == null) {
                statement.setNull(index, type);
                return;
            }
            switch (this) {
                case TEXT -> statement.setString(index, (String) value);
                case LONG -> statement.setLong(index, ((Number) value).longValue());
                case INT -> statement.setInt(index, Math.toIntExact(((Number) value).longValue()));
                default -> statement.setBoolean(index, (Boolean) value);
            }
        }

        /** {@return the value, null when there is none} */
        Object get(ResultSet row, int index) throws SQLException {
            Object value =
                    switch (this) {
                        case TEXT -> row.getString(index);
                        case LONG, INT -> row.getLong(index);
                        default -> row.getBoolean(index);
                    };
            return row.wasNull() ? null : value;
        }

        private static Kind of(String table, String column, String type) throws SQLException {
            return switch (type.toLowerCase(Locale.ROOT)) {
                case "character varying", "text" -> TEXT;
                case "bigint" -> LONG;
                case "integer" -> INT;
                case "boolean" -> FLAG;
                default ->
                    throw new SQLException("no backup is made of " + table + "." + column + ", which is a " + type);
            };
        }
    }

    /**
     * @param columns by name, in the table's order
     */
    record Table(String name, Map<String, Kind> columns) {
        String select() {
            return "select " + String.join(", ", columns.keySet()) + " from " + name;
        }

        String insert() {
            return insert(List.copyOf(columns.keySet()));
        }

        String insert(List<String> some) {
            return "insert into " + name + " (" + String.join(", ", some) + ") values ("
                    + String.join(", ", Collections.nCopies(some.size(), "?")) + ")";
        }
    }

    /** {@return the tables, each behind those it refers to} */
    static List<Table> of(Connection connection) throws SQLException {
        Map<String, Map<String, Kind>> found = new TreeMap<>();
        try (PreparedStatement columns = connection.prepareStatement(
                "select c.table_name, c.column_name, c.data_type from information_schema.columns c"
                        + " join information_schema.tables t on t.table_schema = c.table_schema"
                        + " and t.table_name = c.table_name where c.table_schema = ? and t.table_type = 'BASE TABLE'"
                        + " order by c.table_name, c.ordinal_position")) {
            columns.setString(1, connection.getSchema());
            try (ResultSet rows = columns.executeQuery()) {
                while (rows.next()) {
                    String table = rows.getString(1).toLowerCase(Locale.ROOT);
                    if (!LEFT_OUT.contains(table)) {
                        String column = rows.getString(2).toLowerCase(Locale.ROOT);
                        found.computeIfAbsent(table, name -> new LinkedHashMap<>())
                                .put(column, Kind.of(table, column, rows.getString(3)));
                    }
                }
            }
        }
        Set<String> ordered = new LinkedHashSet<>();
        for (String table : found.keySet()) {
            place(connection, table, found.keySet(), ordered, new LinkedHashSet<>());
        }
        List<Table> tables = new ArrayList<>();
        ordered.forEach(name -> tables.add(new Table(name, found.get(name))));
        return tables;
    }

    private static void place(
            Connection connection, String table, Set<String> all, Set<String> ordered, Set<String> above)
            throws SQLException {
        if (ordered.contains(table) || !above.add(table)) {
            return;
        }
        String stored = connection.getSchema().equals("PUBLIC") ? table.toUpperCase(Locale.ROOT) : table;
        try (ResultSet keys = connection.getMetaData().getImportedKeys(null, connection.getSchema(), stored)) {
            Set<String> referred = new LinkedHashSet<>();
            while (keys.next()) {
                referred.add(keys.getString("PKTABLE_NAME").toLowerCase(Locale.ROOT));
            }
            for (String one : referred) {
                if (all.contains(one)) {
                    place(connection, one, all, ordered, above);
                }
            }
        }
        ordered.add(table);
    }
}
