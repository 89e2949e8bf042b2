// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import javax.persistence.EntityManager;

/**
 * Brings what was committed to the disk, and knows it (ADR 24). H2 writes commits up to half a second later and syncs none,
 * but for {@code CHECKPOINT SYNC}. PostgreSQL syncs its log at a commit, unless it is told not to; a commit that does syncs
 * all before it.
 */
final class DurableCommits {
    private DurableCommits() {}

    /** {@return false when nothing can be said of this database} */
    static boolean make(EntityManager em, UUID serverId) {
        Connection connection = em.unwrap(Connection.class);
        try {
            return switch (connection.getMetaData().getDatabaseProductName()) {
                case "H2" -> checkpoint(connection);
                case "PostgreSQL" -> synchronousCommit(connection, serverId);
                default -> false;
            };
        } catch (SQLException failed) {
            throw new IllegalStateException("cannot make commits durable: " + failed.getMessage(), failed);
        }
    }

    /** The same where it takes asking; PostgreSQL has synced at the commit unless its owner told it not to. */
    static void flush(EntityManager em) {
        Connection connection = em.unwrap(Connection.class);
        try {
            if (connection.getMetaData().getDatabaseProductName().equals("H2")) {
                checkpoint(connection);
            }
        } catch (SQLException failed) {
            throw new IllegalStateException("cannot make commits durable: " + failed.getMessage(), failed);
        }
    }

    private static boolean checkpoint(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("checkpoint sync");
            return true;
        }
    }

    /** A commit that wrote nothing syncs nothing; the row of this server is there since its first sign of life. */
    private static boolean synchronousCommit(Connection connection, UUID serverId) throws SQLException {
        try (Statement statement = connection.createStatement();
                PreparedStatement touch =
                        connection.prepareStatement("update server set seen_ms = seen_ms where server_id = ?")) {
            statement.execute("set local synchronous_commit = on");
            touch.setString(1, serverId.toString());
            return touch.executeUpdate() == 1;
        }
    }
}
