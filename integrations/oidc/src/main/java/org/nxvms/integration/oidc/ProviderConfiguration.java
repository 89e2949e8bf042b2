// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.oidc;

import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** One configuration {@code org.nxvms.integration.oidc~NAME}; a change ends it and begins another. */
@Component(
        immediate = true,
        service = {},
        configurationPid = "org.nxvms.integration.oidc",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ProviderConfig.class, factory = true)
public final class ProviderConfiguration {
    private final AutoCloseable carriedOut;

    @Activate
    public ProviderConfiguration(@Reference Providers providers, Map<String, Object> properties) {
        Map<String, String> values = new HashMap<>();
        properties.forEach((key, value) -> values.put(key, String.valueOf(value)));
        carriedOut = providers.add(values);
    }

    @Deactivate
    void close() throws Exception {
        carriedOut.close();
    }
}
