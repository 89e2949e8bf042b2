// SPDX-License-Identifier: Apache-2.0
package org.nxvms.security.audit;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** For how long the audit is kept; {@code etc/org.nxvms.audit.cfg}. */
@ObjectClassDefinition(name = "NXvms audit", description = "What people did about users, rights, keys and settings")
@interface AuditSettings {
    @AttributeDefinition(
            name = "Days kept",
            description =
                    "Entries that are older are removed once a day, from the oldest on; an entry of the chain says"
                            + " which, so that what stays can be verified. 0: none is ever removed",
            min = "0",
            max = "36500")
    int retentionDays() default 1_095;
}
