// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * A data source of one connection, however often it is asked. Flyway takes one for its history and another for the
 * statements, and commits them one after the other: who is killed between has the statements without the row that
 * tells of them. On one connection both are one transaction.
 */
final class OneConnection implements AutoCloseable {
    private final Connection connection;
    private final Connection shared;

    OneConnection(DataSource database) throws SQLException {
        connection = database.getConnection();
        shared = proxy(
                Connection.class,
                (self, method, args) -> method.getName().equals("close") ? null : call(connection, method, args));
    }

    /** {@return the data source; what it gives is closed by {@link #close()} only} */
    DataSource asDataSource() {
        return proxy(DataSource.class, (self, method, args) -> switch (method.getName()) {
            case "getConnection" -> shared;
            case "hashCode" -> System.identityHashCode(self);
            case "equals" -> self == args[0];
            case "toString" -> "one connection";
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    Connection connection() {
        return connection;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
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
