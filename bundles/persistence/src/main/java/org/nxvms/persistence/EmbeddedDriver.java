// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.sql.SQLException;
import java.util.Properties;
import javax.sql.DataSource;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.jdbc.DataSourceFactory;

/** The driver of the embedded database among the framework's services: it is there also when PostgreSQL is in use. */
record EmbeddedDriver(BundleContext context) implements EmbeddedUpgrade.Opener {
    private static final String NAME = "H2 JDBC Driver";

    @Override
    public DataSource open(String url) throws SQLException {
        ServiceReference<DataSourceFactory> driver = reference();
        DataSourceFactory factory = driver == null ? null : context.getService(driver);
        if (factory == null) {
            throw new SQLException("the driver of the embedded database is not there; see bundle:list");
        }
        try {
            Properties login = new Properties();
            login.setProperty(DataSourceFactory.JDBC_URL, url);
            login.setProperty(DataSourceFactory.JDBC_USER, "nxvms");
            login.setProperty(DataSourceFactory.JDBC_PASSWORD, "");
            return factory.createDataSource(login);
        } finally {
            context.ungetService(driver);
        }
    }

    private ServiceReference<DataSourceFactory> reference() {
        try {
            return context
                    .getServiceReferences(
                            DataSourceFactory.class, "(" + DataSourceFactory.OSGI_JDBC_DRIVER_NAME + "=" + NAME + ")")
                    .stream()
                    .findFirst()
                    .orElse(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
