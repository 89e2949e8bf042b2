// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.nxvms.persistence.MetadataTables.Kind;
import org.nxvms.persistence.MetadataTables.Table;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts the rows of one database in the place of those of another, of the same schema, in one transaction. Sessions end
 * with the users they were of. Of the audit nothing is removed: entries are added where they go on behind what is there.
 */
final class MetadataRowsCopy {
    private static final Logger LOG = LoggerFactory.getLogger(MetadataRowsCopy.class);
    private static final int BATCH = 500;

    private final Connection from;
    private final Connection to;

    private MetadataRowsCopy(Connection from, Connection to) {
        this.from = from;
        this.to = to;
    }

    static long replace(Connection from, Connection to) throws SQLException {
        boolean before = to.getAutoCommit();
        to.setAutoCommit(false);
        try {
            long rows = new MetadataRowsCopy(from, to).run();
            to.commit();
            return rows;
        } catch (SQLException | RuntimeException e) {
            to.rollback();
            throw e;
        } finally {
            to.setAutoCommit(before);
        }
    }

    /** Removes all rows of tables, of those first that refer to others. */
    static void empty(Connection connection, List<Table> tables) throws SQLException {
        List<Table> children = new ArrayList<>(tables);
        Collections.reverse(children);
        try (Statement statement = connection.createStatement()) {
            for (Table table : children) {
                statement.executeUpdate("delete from " + table.name());
            }
        }
    }

    private long run() throws SQLException {
        List<Table> tables = MetadataTables.of(to);
        List<Table> replaced = tables.stream()
                .filter(table -> !table.name().equals(MetadataTables.AUDIT))
                .toList();
        empty(to, replaced);
        long rows = 0;
        for (Table table : replaced) {
            rows += copy(table, table.select());
        }
        for (Table table : tables) {
            if (table.name().equals(MetadataTables.AUDIT)) {
                rows += audit(table);
            }
        }
        return rows;
    }

    private long copy(Table table, String select, Object... parameters) throws SQLException {
        List<Kind> kinds = List.copyOf(table.columns().values());
        long rows = 0;
        try (PreparedStatement read = from.prepareStatement(select);
                PreparedStatement insert = to.prepareStatement(table.insert())) {
            for (int i = 0; i < parameters.length; i++) {
                read.setObject(i + 1, parameters[i]);
            }
            try (ResultSet found = read.executeQuery()) {
                while (found.next()) {
                    for (int i = 0; i < kinds.size(); i++) {
                        kinds.get(i).set(insert, i + 1, kinds.get(i).get(found, i + 1));
                    }
                    insert.addBatch();
                    if (++rows % BATCH == 0) {
                        insert.executeBatch();
                    }
                }
            }
            insert.executeBatch();
        }
        return rows;
    }

    private long audit(Table table) throws SQLException {
        List<String> servers = new ArrayList<>();
        try (Statement statement = from.createStatement();
                ResultSet found = statement.executeQuery("select distinct server_id from " + table.name())) {
            while (found.next()) {
                servers.add(found.getString(1));
            }
        }
        long rows = 0;
        for (String server : servers) {
            long last = end("max", server);
            rows += before(table, server, end("min", server));
            if (last == 0 || hash(from, server, last).equals(hash(to, server, last))) {
                rows += copy(
                        table,
                        table.select() + " where server_id = ? and sequence_no > ? order by sequence_no",
                        server,
                        last);
            } else {
                LOG.info(
                        "The audit of server {} goes further here than in the backup, up to entry {}; what follows in the"
                                + " backup is left there",
                        server,
                        last);
            }
        }
        return rows;
    }

    /** What a database lacks that was new when its server already had an audit; nothing is known of the entries between. */
    private long before(Table table, String server, long first) throws SQLException {
        if (first <= 1) {
            return 0;
        }
        long rows = copy(
                table, table.select() + " where server_id = ? and sequence_no < ? order by sequence_no", server, first);
        LOG.info("The audit of server {} begins with entry {} here: {} before it are put back", server, first, rows);
        return rows;
    }

    /** {@return the first or last entry's number, 0 when there is none} */
    private long end(String which, String server) throws SQLException {
        try (PreparedStatement query = to.prepareStatement(
                "select coalesce(" + which + "(sequence_no), 0) from audit_entry where server_id = ?")) {
            query.setString(1, server);
            try (ResultSet found = query.executeQuery()) {
                found.next();
                return found.getLong(1);
            }
        }
    }

    /** {@return the hash of an entry, empty when there is none} */
    private static String hash(Connection connection, String server, long sequence) throws SQLException {
        try (PreparedStatement query =
                connection.prepareStatement("select hash from audit_entry where server_id = ? and sequence_no = ?")) {
            query.setString(1, server);
            query.setLong(2, sequence);
            try (ResultSet found = query.executeQuery()) {
                return found.next() ? found.getString(1) : "";
            }
        }
    }
}
