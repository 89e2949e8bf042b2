// SPDX-License-Identifier: Apache-2.0
package org.nxvms.integration.webhook;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** For all endpoints; {@code etc/org.nxvms.integration.webhooks.cfg}. */
@ObjectClassDefinition(name = "NXvms webhooks", description = "What holds for all webhooks")
@interface WebhooksConfig {
    @AttributeDefinition(
            name = "Local addresses allowed",
            description =
                    "Whether endpoints may be on this machine itself or on link-local addresses. Not by REST: who may"
                            + " set an endpoint could else reach what listens for this machine alone")
    boolean localAddressesAllowed() default false;
}
