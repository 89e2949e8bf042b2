// SPDX-License-Identifier: Apache-2.0
package org.nxvms.events;

import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** Settings of {@code etc/org.nxvms.events.cfg}; changes apply at once. */
@ObjectClassDefinition(name = "NXvms events")
public @interface EventSettings {
    @AttributeDefinition(
            name = "Retention, days",
            description = "Events that started earlier are removed; a state that is on stays.",
            min = "1",
            max = "3650")
    int retentionDaysMax() default 90;

    @AttributeDefinition(
            name = "Events kept at most",
            description = "When there are more, the oldest go. A million events take about 1 GB.",
            min = "1000",
            max = "100000000")
    long rowsMax() default 1_000_000;

    @AttributeDefinition(
            name = "Spool, MiB",
            description =
                    "Room on disk for events while the database is away; beyond, they are delivered but not kept.",
            min = "1",
            max = "4096")
    int spoolMebibytesMax() default 64;

    @AttributeDefinition(
            name = "Grace after a restart, seconds",
            description =
                    "A state that was on before a restart ends as source_gone unless it is said again within this time.",
            min = "10",
            max = "3600")
    int restartGraceSeconds() default 60;

    @AttributeDefinition(
            name = "Followers",
            description = "Clients that may follow the stream of events at a time; more are told to come again.",
            min = "1",
            max = "1000")
    int followersMax() default 100;

    @AttributeDefinition(
            name = "Followers per user",
            description = "Of these, clients of one user; each window of the console is one.",
            min = "1",
            max = "1000")
    int followersPerUserMax() default 20;
}
