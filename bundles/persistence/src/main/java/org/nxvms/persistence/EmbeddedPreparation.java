// SPDX-License-Identifier: Apache-2.0
package org.nxvms.persistence;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Dictionary;
import java.util.Optional;
import java.util.Properties;
import org.osgi.framework.BundleContext;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.osgi.service.jdbc.DataSourceFactory;

/**
 * What is to be done with the embedded database before Pax JDBC opens its pool: finds the address by the configuration
 * of which Pax JDBC makes the data source, and the driver among the framework's services.
 */
final class EmbeddedPreparation implements DatabaseGate.Preparation {
    private static final String CONFIGURATION = "(&(service.factoryPid=org.ops4j.datasource)(dataSourceName=nxvms))";

    private final BundleContext context;
    private final ConfigurationAdmin settings;
    private final SchemaMigration migration;

    EmbeddedPreparation(BundleContext context, ConfigurationAdmin settings, SchemaMigration migration) {
        this.context = context;
        this.settings = settings;
        this.migration = migration;
    }

    @Override
    public boolean run() throws SQLException, IOException {
        Configuration configuration = configuration();
        if (configuration == null) {
            return false;
        }
        Dictionary<String, Object> raw = configuration.getProperties();
        ServiceReference<DataSourceFactory> driver = driver(String.valueOf(raw.get("osgi.jdbc.driver.name")));
        if (driver == null) {
            return false;
        }
        // As the pool gets it: with what stands in the environment.
        Dictionary<String, Object> processed = configuration.getProcessedProperties(driver);
        Optional<EmbeddedDatabase> embedded = EmbeddedDatabase.of(String.valueOf(processed.get("url")));
        if (embedded.isEmpty()) {
            return true;
        }
        DataSourceFactory factory = context.getService(driver);
        if (factory == null) {
            return false;
        }
        try {
            new EmbeddedUpgrade(embedded.get(), url -> factory.createDataSource(login(url, processed)), migration)
                    .run();
            return true;
        } finally {
            context.ungetService(driver);
        }
    }

    private static Properties login(String url, Dictionary<String, Object> configured) {
        Properties login = new Properties();
        login.setProperty(DataSourceFactory.JDBC_URL, url);
        for (String key : new String[] {DataSourceFactory.JDBC_USER, DataSourceFactory.JDBC_PASSWORD}) {
            Object value = configured.get(key);
            if (value != null) {
                login.setProperty(key, value.toString());
            }
        }
        return login;
    }

    private Configuration configuration() throws IOException {
        try {
            Configuration[] found = settings.listConfigurations(CONFIGURATION);
            return found == null ? null : found[0];
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private ServiceReference<DataSourceFactory> driver(String name) {
        try {
            return context
                    .getServiceReferences(
                            DataSourceFactory.class, "(" + DataSourceFactory.OSGI_JDBC_DRIVER_NAME + "=" + name + ")")
                    .stream()
                    .findFirst()
                    .orElse(null);
        } catch (InvalidSyntaxException e) {
            throw new IllegalArgumentException(
                    "osgi.jdbc.driver.name is \"" + name + "\" in "
                            + "etc/org.ops4j.datasource-nxvms.cfg: expected the name of a driver",
                    e);
        }
    }
}
