// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook;

import java.util.HashMap;
import java.util.Map;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.metatype.annotations.Designate;

/** One configuration {@code org.nxvms.integration.webhook~NAME}; a change ends it and begins another, which goes on where it was. */
@Component(
        immediate = true,
        service = {},
        configurationPid = "org.nxvms.integration.webhook",
        configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = EndpointConfig.class, factory = true)
public final class WebhookEndpoint {
    private final AutoCloseable carriedOut;

    @Activate
    public WebhookEndpoint(@Reference Webhooks webhooks, Map<String, Object> properties) {
        Map<String, String> values = new HashMap<>();
        properties.forEach((key, value) -> values.put(key, String.valueOf(value)));
        carriedOut = webhooks.add(values);
    }

    @Deactivate
    void close() throws Exception {
        carriedOut.close();
    }
}
