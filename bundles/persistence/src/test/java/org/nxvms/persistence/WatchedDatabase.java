// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Locale;
import javax.sql.DataSource;

/** A database of which each statement that changes something is told before it runs, and each commit after it. */
final class WatchedDatabase {
    private WatchedDatabase() {}

    interface Watcher {
        default void opened(Connection connection) throws SQLException {}

        void before(Connection connection, String statement) throws Exception;

        default void committed(Connection connection) throws SQLException {}
    }

    static DataSource watched(DataSource database, Watcher watcher) {
        return proxy(DataSource.class, (self, method, args) -> {
            Object result = call(database, method, args);
            if (result instanceof Connection connection) {
                watcher.opened(connection);
                return watched(connection, watcher);
            }
            return result;
        });
    }

    private static Connection watched(Connection connection, Watcher watcher) {
        return proxy(Connection.class, (self, method, args) -> {
            Object result = call(connection, method, args);
            if (method.getName().equals("commit")) {
                watcher.committed(connection);
            }
            if (result instanceof PreparedStatement prepared) {
                return watched(PreparedStatement.class, prepared, (String) args[0], watcher);
            }
            return result instanceof Statement statement ? watched(Statement.class, statement, "", watcher) : result;
        });
    }

    private static <T extends Statement> T watched(Class<T> type, T statement, String prepared, Watcher watcher) {
        return proxy(type, (self, method, args) -> {
            if (method.getName().startsWith("execute")) {
                String text = args == null || args.length == 0 ? prepared : String.valueOf(args[0]);
                if (changes(text)) {
                    watcher.before(statement.getConnection(), text);
                }
            }
            return call(statement, method, args);
        });
    }

    private static boolean changes(String statement) {
        return statement
                .strip()
                .toLowerCase(Locale.ROOT)
                .matches("(?s)(--[^\\n]*\\n\\s*)*(create|alter|drop|insert|update|delete)\\b.*");
    }

    private static Object call(Object target, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(target, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
